import { sql } from 'kysely'
import type { Id } from '#domain/brand'
import { formatDate, type Instant, type IsoDate } from '#domain/date'
import { cents as centsOf, formatCents } from '#domain/money'
import { BY_CHANNEL, deliveryWord, type Tone } from '#domain/vocabulary'
import { isLeadingOption } from './leading-payment.ts'
import type { ReadHandle } from './ledger.ts'

export interface HistoryFact {
  readonly at: Instant
  readonly kind: 'accertamento' | 'variation' | 'position' | 'delivery' | 'reversale' | 'contact'
  readonly text: string
  readonly tone: Tone
  readonly operator: string | null
}

const dayStart = (date: IsoDate): Instant => `${date}T00:00:00.000Z` as Instant

const VARIATIONS = {
  increase: 'Aumento',
  decrease: 'Riduzione',
  cancellation: 'Annullamento',
  writeOff: 'Eliminazione',
} as const

/** All that happened to these accertamenti and positions, newest first. */
export async function readHistory(
  db: ReadHandle,
  of: { readonly accertamenti: readonly Id<'accertamento'>[]; readonly positions: readonly Id<'debtPosition'>[] },
): Promise<HistoryFact[]> {
  const facts: HistoryFact[] = []
  if (of.accertamenti.length > 0) facts.push(...(await ofAccertamenti(db, of.accertamenti)))
  if (of.positions.length > 0) facts.push(...(await ofPositions(db, of.positions)))
  return facts
    .map((fact, index) => ({ fact, index }))
    .sort(newestFirst)
    .map(({ fact }) => fact)
}

function newestFirst(a: { fact: HistoryFact; index: number }, b: { fact: HistoryFact; index: number }): number {
  return a.fact.at === b.fact.at ? b.index - a.index : a.fact.at < b.fact.at ? 1 : -1
}

async function ofAccertamenti(db: ReadHandle, ids: readonly Id<'accertamento'>[]): Promise<HistoryFact[]> {
  const facts: HistoryFact[] = []
  const raised = await db.selectFrom('accertamento').selectAll().where('id', 'in', ids).execute()
  for (const a of raised) {
    facts.push({
      at: dayStart(a.date),
      kind: 'accertamento',
      text: `Accertamento ${a.number}/${a.exercise} di ${formatCents(a.assessedCents)}: ${a.causale}`,
      tone: 'info',
      operator: null,
    })
  }
  const variations = await db
    .selectFrom('accertamentoVariation')
    .selectAll()
    .where('accertamentoId', 'in', ids)
    .execute()
  for (const v of variations) {
    facts.push({
      at: dayStart(v.date),
      kind: 'variation',
      text: `${VARIATIONS[v.kind]} di ${formatCents(v.cents)}: ${v.reason}`,
      tone: 'warn',
      operator: null,
    })
  }
  const lines = await db
    .selectFrom('reversaleLine')
    .innerJoin('reversale', 'reversale.id', 'reversaleLine.reversaleId')
    .leftJoin('reversaleAnnulment', 'reversaleAnnulment.reversaleId', 'reversale.id')
    .where('reversaleLine.accertamentoId', 'in', ids)
    .select(['reversale.number', 'reversale.exercise', 'reversale.date', 'reversale.at', 'reversale.operator'])
    .select(['reversaleLine.cents', 'reversaleAnnulment.reason', 'reversaleAnnulment.at as annulledAt'])
    .execute()
  for (const line of lines) {
    const name = `Reversale ${line.number}/${line.exercise}`
    facts.push({
      at: line.at,
      kind: 'reversale',
      text: `${name} del ${formatDate(line.date)}: riscossi ${formatCents(line.cents)}`,
      tone: 'ok',
      operator: line.operator,
    })
    if (line.annulledAt !== null) {
      facts.push({
        at: line.annulledAt,
        kind: 'reversale',
        text: `${name} annullata: ${line.reason}`,
        tone: 'warn',
        operator: null,
      })
    }
  }
  return facts
}

const VERSIONS = {
  issue: 'Emessa',
  change: 'Cambiata',
  added: 'Con altri dovuti',
  reactivation: 'Riattivata',
  reissue: 'Riemessa',
}

/** What happened to positions after their issue: new versions, cancellations, papers drawn once more. */
async function ofVersions(db: ReadHandle, ids: readonly Id<'debtPosition'>[]): Promise<HistoryFact[]> {
  const versions = await db
    .selectFrom('debtPositionVersion')
    .where('debtPositionId', 'in', ids)
    .where('version', '>', 1)
    .select(['version', 'kind', 'reason', 'operator', 'createdAt as at'])
    .execute()
  const cancellations = await db
    .selectFrom('positionCancellation')
    .where('debtPositionId', 'in', ids)
    .select(['at', 'reason', 'operator'])
    .execute()
  const prints = await db
    .selectFrom('noticePrint')
    .where('debtPositionId', 'in', ids)
    .select(['at', 'how', 'duplicate', 'operator'])
    .execute()
  const printed = { print: 'stampato', save: 'salvato in una cartella' }
  return [
    ...versions.map(({ version, kind, reason, ...rest }): HistoryFact => {
      const text = `${VERSIONS[kind ?? 'change']}, versione ${version}: ${reason}`
      return { ...rest, kind: 'position', text, tone: 'info' }
    }),
    ...cancellations.map(({ at, reason, operator }): HistoryFact => {
      return {
        at,
        kind: 'position',
        text: `Annullata: ${reason}`,
        tone: 'neu',
        operator: operator === '' ? null : operator,
      }
    }),
    ...prints.map(({ at, how, duplicate, operator }): HistoryFact => {
      const text = `Avviso ${printed[how]}${duplicate === 1 ? ', duplicato' : ''}`
      return { at, kind: 'position', text, tone: 'neu', operator }
    }),
  ]
}

async function ofPositions(db: ReadHandle, ids: readonly Id<'debtPosition'>[]): Promise<HistoryFact[]> {
  const facts: HistoryFact[] = []
  const positions = await db
    .selectFrom('debtPosition')
    .innerJoin('issuance', 'issuance.id', 'debtPosition.issuanceId')
    .innerJoin('paymentOption', (join) =>
      join
        .onRef('paymentOption.debtPositionId', '=', 'debtPosition.id')
        .on('paymentOption.version', '=', 1)
        .on(isLeadingOption('paymentOption')),
    )
    .innerJoin('installment', (join) =>
      join.onRef('installment.paymentOptionId', '=', 'paymentOption.id').on('installment.ordinal', '=', 1),
    )
    .innerJoin('iuvAssignment', 'iuvAssignment.iuv', 'installment.iuv')
    .where('debtPosition.id', 'in', ids)
    .select(['issuance.at', 'issuance.operator', 'issuance.description', 'iuvAssignment.noticeNumber'])
    .select(['paymentOption.kind'])
    .select(
      sql<number>`(select count(*) from "paymentOption" q join "installment" i on i."paymentOptionId" = q."id"
        where q."debtPositionId" = "debtPosition"."id" and q."version" = 1 and q."kind" = 'plan')`.as('parts'),
    )
    .execute()
  for (const p of positions) {
    facts.push({
      at: p.at,
      kind: 'position',
      text: `Emessa nel lotto «${p.description}», avviso ${p.noticeNumber}${inParts(p.kind, Number(p.parts))}`,
      tone: 'info',
      operator: p.operator,
    })
  }
  facts.push(...(await ofVersions(db, ids)), ...(await ofLinks(db, ids)), ...(await ofPublications(db, ids)))
  const deliveries = await db
    .selectFrom('delivery')
    .innerJoin('notice', 'notice.id', 'delivery.noticeId')
    .where('notice.debtPositionId', 'in', ids)
    .select(['delivery.updatedAt', 'delivery.channel', 'delivery.state', 'delivery.addressText', 'delivery.reason'])
    .execute()
  for (const d of deliveries) {
    const { word, tone } = deliveryWord(d)
    const why = d.reason === null ? '' : ` (${d.reason})`
    facts.push({
      at: d.updatedAt,
      kind: 'delivery',
      text: `Avviso ${BY_CHANNEL[d.channel]} a ${d.addressText}: ${word.toLowerCase()}${why}`,
      tone,
      operator: null,
    })
  }
  return facts
}

/** Links of Checkout that were handed out, each once for all of what it pays of these. */
async function ofLinks(db: ReadHandle, ids: readonly Id<'debtPosition'>[]): Promise<HistoryFact[]> {
  const carts = await db
    .selectFrom('checkoutCartRow as r')
    .innerJoin('checkoutCart as c', 'c.id', 'r.cartId')
    .where('r.debtPositionId', 'in', ids)
    .groupBy(['c.id', 'c.at', 'c.operator', 'c.environment'])
    .select(['c.at', 'c.operator', 'c.environment'])
    .select((of) => [of.fn.countAll<number>().as('notices'), of.fn.sum<number>('r.cents').as('cents')])
    .orderBy('c.id')
    .execute()
  return carts.map(({ at, operator, environment, notices, cents }): HistoryFact => {
    const many = Number(notices) === 1 ? '' : `, ${notices} avvisi`
    const trial = environment === 'production' ? '' : ', in prova'
    const text = `Link «Paga ora» di ${formatCents(centsOf(Number(cents)))}${many}${trial}`
    return { at, kind: 'position', text, tone: 'info', operator }
  })
}

/** Publications of which App IO did not tell, where it was to. */
async function ofPublications(db: ReadHandle, ids: readonly Id<'debtPosition'>[]): Promise<HistoryFact[]> {
  const left = await db
    .selectFrom('publicationMessage')
    .where('debtPositionId', 'in', ids)
    .where('why', 'is not', null)
    .select(['at', 'why'])
    .orderBy('at')
    .execute()
  return left.map(({ at, why }): HistoryFact => {
    return { at, kind: 'delivery', text: `Pubblicata senza messaggio su App IO: ${why}`, tone: 'neu', operator: null }
  })
}

function inParts(leading: 'single' | 'plan', parts: number): string {
  return parts === 0 ? '' : leading === 'plan' ? `, in ${parts} rate` : `, anche in ${parts} rate`
}
