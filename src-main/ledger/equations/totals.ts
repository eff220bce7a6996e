import type { ReadHandle } from '../ledger.ts'
import { effectiveLines, total } from './effective-lines.ts'

/** E1 and E2 as wholes, E4 for each reversale. */
export async function checkTotals(db: ReadHandle): Promise<string[]> {
  const lines = total(
    await effectiveLines(db)
      .select((eb) => eb.fn.sum('l.cents').as('total'))
      .executeTakeFirst(),
  )
  const headers = total(
    await db
      .selectFrom('reversale as r')
      .leftJoin('reversaleAnnulment as x', 'x.reversaleId', 'r.id')
      .where('x.id', 'is', null)
      .select((eb) => eb.fn.sum('r.cents').as('total'))
      .executeTakeFirst(),
  )
  const collected = total(
    await db
      .selectFrom('accertamentoBalance')
      .select((eb) => eb.fn.sum('collectedCents').as('total'))
      .executeTakeFirst(),
  )
  const movements = await db
    .selectFrom('movementBalance')
    .select((eb) => [
      eb.fn.sum('regularisedCents').as('regularised'),
      eb.fn.sum('matchedCents').as('matched'),
      eb.fn.sum('availableCents').as('available'),
    ])
    .executeTakeFirst()
  const credits = total(
    await db
      .selectFrom('bankMovement')
      .where('cents', '>', 0 as never)
      .select((eb) => eb.fn.sum('cents').as('total'))
      .executeTakeFirst(),
  )
  const storni = total(
    await db
      .selectFrom('match')
      .where('kind', '=', 'storno')
      .where('closedReason', 'is', null)
      .select((eb) => eb.fn.sum('cents').as('total'))
      .executeTakeFirst(),
  )
  const found: string[] = []
  const regularised = Number(movements?.regularised ?? 0)
  const matched = Number(movements?.matched ?? 0)
  const available = Number(movements?.available ?? 0)
  if (new Set([lines, headers, collected, regularised]).size !== 1) {
    found.push(`E1 riscosso ${collected}, reversali ${headers}, righe ${lines}, regolarizzato ${regularised}`)
  }
  if (regularised > matched || matched > available || available !== credits - storni) {
    found.push(
      `E2 regolarizzato ${regularised}, abbinato ${matched}, disponibile ${available}, accrediti ${credits}, storni ${storni}`,
    )
  }
  return [...found, ...(await checkReversali(db))]
}

async function checkReversali(db: ReadHandle): Promise<string[]> {
  const rows = await db
    .selectFrom('reversale as r')
    .leftJoin('reversaleLine as l', 'l.reversaleId', 'r.id')
    .leftJoin('bankMovement as m', 'm.id', 'l.bankMovementId')
    .leftJoin('accertamento as a', 'a.id', 'l.accertamentoId')
    .groupBy(['r.id', 'r.cents', 'r.capitoloId', 'r.originYear', 'r.bankAccountId'])
    .select((eb) => [
      'r.id',
      'r.cents',
      'r.capitoloId',
      'r.originYear',
      'r.bankAccountId',
      eb.fn.sum('l.cents').as('total'),
      eb.fn.min('m.bankAccountId').as('minAccount'),
      eb.fn.max('m.bankAccountId').as('maxAccount'),
      eb.fn.min('a.capitoloId').as('minCapitolo'),
      eb.fn.max('a.capitoloId').as('maxCapitolo'),
      eb.fn.min('a.exercise').as('minOrigin'),
      eb.fn.max('a.exercise').as('maxOrigin'),
    ])
    .execute()
  return rows
    .filter(
      (r) =>
        total(r) !== r.cents ||
        r.minAccount !== r.bankAccountId ||
        r.maxAccount !== r.bankAccountId ||
        r.minCapitolo !== r.capitoloId ||
        r.maxCapitolo !== r.capitoloId ||
        r.minOrigin !== r.originYear ||
        r.maxOrigin !== r.originYear,
    )
    .map((r) => `E4 reversale ${r.id}: importo ${r.cents}, righe ${total(r)}`)
}
