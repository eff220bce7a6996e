import type { z } from 'zod'
import type { contract } from '#contract/contract'
import type { Id } from '#domain/brand'
import { whyNotPayable } from '#domain/cart'
import { formatDate, type IsoDate } from '#domain/date'
import { type Cents, formatCents } from '#domain/money'
import { openPaymentsOf, type StoredPayment, type StoredPosition } from '#domain/position-plan'
import { ProblemError, problem } from '#domain/problem'
import { readInstitution } from '#ledger/institution'
import type { ReadHandle } from '#ledger/ledger'
import { centsOfVersion, readDebtNames, readLife, readVersions, type VersionRow } from '#ledger/position-card'
import { readStoredPositions } from '#ledger/position-version'
import type { ServiceContext } from './context.ts'
import { mayReissue } from './position-dates.ts'
import { remainingOf } from './position-outside.ts'
import { centsOf } from './position-revise.ts'
import { today } from './produced-file.ts'

type Card = z.output<NonNullable<(typeof contract)['positionAct']['card']['~orpc']['outputSchema']>>

/** A position as a card file would hold it: every version, what was sent of each, what can be done now. */
export async function readCard(db: ReadHandle, context: ServiceContext, id: Id<'debtPosition'>): Promise<Card> {
  const [position] = await readStoredPositions(db, [id])
  if (position === undefined) throw new ProblemError(problem('POSITION_GONE', {}))
  const institution = await readInstitution(db)
  const life = await readLife(db, id)
  const versions = await readVersions(db, id)
  const { validUntil } = position
  const ofBatch = versions[0]?.validUntil ?? life.batchValidUntil ?? validUntil
  const payments = [...(position.single === null ? [] : [{ ...position.single, ordinal: 0 }]), ...position.installments]
  const allocated = payments.flatMap((one) => one.transfers.flatMap((t) => t.allocations.map((a) => a.accertamentoId)))
  const names = await readDebtNames(db, allocated)
  return {
    ...{ id, version: position.version, externalReference: life.externalReference, nodeState: position.nodeState },
    ...{ syncState: position.syncState, lifecycle: position.lifecycle, validUntil, cents: centsOf(position) },
    remainingCents: remainingOf(position),
    versions: versions
      .map((row, i) => versionOut(row, versions[i - 1] ?? null, position.version, { ...life, ofBatch }))
      .toReversed(),
    cancellations: life.cancellations.map((row) => ({ ...row })),
    payments: payments.map((one) => paymentOut(one, institution, names)),
    can: whatCan(position, today(context)),
  }
}

function paymentOut(
  payment: StoredPayment,
  institution: Awaited<ReturnType<typeof readInstitution>>,
  names: Awaited<ReturnType<typeof readDebtNames>>,
): Card['payments'][number] {
  const { ordinal, iuv, noticeNumber, cents, dueDate, state, paidDate, surplus } = payment
  return {
    ...{ ordinal, iuv, noticeNumber: noticeNumber ?? '', cents, dueDate, state, paidDate, surplus },
    transfers: payment.transfers.map(({ allocations, stamp: _stamp, ...transfer }) => ({
      ...transfer,
      beneficiary: transfer.own ? (institution?.name ?? null) : null,
      rows: allocations.map((one) => {
        const debt = names.get(one.accertamentoId)
        return { accertamento: debt?.name ?? null, causale: debt?.causale ?? '', cents: one.cents }
      }),
    })),
  }
}

function versionOut(
  row: VersionRow,
  before: VersionRow | null,
  currentVersion: number,
  { issuedBy, ofBatch }: { readonly issuedBy: string | null; readonly ofBatch: IsoDate },
): Card['versions'][number] {
  const { payments, validUntil, kind, ...rest } = row
  return {
    ...rest,
    notices: [...rest.notices],
    prints: [...rest.prints],
    deliveries: [...rest.deliveries],
    kind: kind ?? (row.version === 1 ? 'issue' : 'change'),
    current: row.version === currentVersion,
    operator: row.operator ?? (row.version === 1 ? issuedBy : null),
    cents: centsOfVersion(row),
    dueDate: dueOf(row),
    validUntil: validUntil ?? ofBatch,
    installments: plan(row).length,
    changes: before === null ? [] : changesOf(before, row, ofBatch),
  }
}

const plan = ({ payments }: VersionRow) => payments.filter((one) => one.kind === 'plan')
const single = ({ payments }: VersionRow) => payments.find((one) => one.kind === 'single') ?? null
const dueOf = (row: VersionRow): IsoDate | null => (single(row) ?? plan(row)[0])?.dueDate ?? null

/** «Importo: 215,00 → 220,00» */
function changesOf(before: VersionRow, after: VersionRow, ofBatch: IsoDate): string[] {
  const lines: string[] = []
  const say = (what: string, was: string, is: string) => {
    if (was !== is) lines.push(`${what}: ${was} → ${is}`)
  }
  say('Importo', formatCents(centsOfVersion(before)), formatCents(centsOfVersion(after)))
  say('Modo', wayOf(before), wayOf(after))
  say('Scadenza', dateOf(dueOf(before)), dateOf(dueOf(after)))
  if (plan(before).length === plan(after).length) {
    for (const [i, one] of plan(after).entries()) {
      const was = plan(before)[i]
      if (was === undefined) continue
      say(`Rata ${i + 1}`, partOf(was.cents, was.dueDate), partOf(one.cents, one.dueDate))
    }
  }
  say('Valida fino al', dateOf(before.validUntil ?? ofBatch), dateOf(after.validUntil ?? ofBatch))
  const known = new Set(before.payments.map((one) => one.iuv))
  const fresh = after.payments.filter((one) => !known.has(one.iuv)).length
  if (fresh > 0) lines.push(fresh === 1 ? 'Un numero d’avviso nuovo' : `${fresh} numeri d’avviso nuovi`)
  return lines
}

function wayOf(row: VersionRow): string {
  const parts = plan(row).length
  const rate = `${parts} rate`
  if (single(row) === null) return rate
  return parts === 0 ? 'pagamento unico' : `pagamento unico o ${rate}`
}

const dateOf = (date: IsoDate | null) => (date === null ? 'nessuna' : formatDate(date))
const partOf = (amount: Cents, date: IsoDate | null) => `${formatCents(amount)} entro il ${dateOf(date)}`

/** Each act with the reason why it cannot be done now, null when it can (DOMAIN.md §3). */
function whatCan(position: StoredPosition, day: IsoDate): Card['can'] {
  const { lifecycle, payment } = position
  const cancelled = lifecycle === 'cancelled' ? 'La posizione è annullata' : null
  const paid = openPaymentsOf(position).length === 0 || payment === 'paid' || payment === 'collected'
  const closed = cancelled ?? (paid ? 'È già pagata' : null)
  return {
    ...{ change: closed, terms: closed, payOutside: closed, addDebts: closed },
    payNow: whyNotPayable(position, day),
    cancel: cancelled ?? (payment === 'unpaid' ? null : 'Ha un pagamento: non si annulla'),
    reactivate: lifecycle === 'cancelled' ? null : 'Non è annullata',
    reissue: paid ? 'È già pagata' : mayReissue(position, day) ? null : 'Non è scaduta, annullata o fallita',
  }
}
