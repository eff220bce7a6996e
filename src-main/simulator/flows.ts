import { type WritableFlow, writeReportingFlow } from '#codecs/flow-xml-write'
import { addDays, type IsoDate } from '#domain/date'
import { type Cents, sum } from '#domain/money'
import { between, hexDigits, type Next } from './dice.ts'
import { type Payment, workingDayAfter } from './payments.ts'
import type { Provider } from './providers.ts'

/** A flow that a provider sent, with the credit that it announces. */
export interface SimulatedFlow {
  readonly flowId: string
  readonly provider: Provider
  readonly regulationDate: IsoDate
  readonly totalCents: Cents
  readonly payments: readonly Payment[]
  readonly trn: string
  readonly fileName: string
  readonly bytes: Uint8Array
}

export interface FlowReceiver {
  readonly fiscalCode: string
  readonly name: string
}

/** Groups payments by provider and day of credit, splits the large days, and writes each flow as its XML. */
export function emitFlows(payments: readonly Payment[], receiver: FlowReceiver, next: Next): SimulatedFlow[] {
  const days = new Map<string, Payment[]>()
  for (const payment of payments) {
    const credit = workingDayAfter(payment.paidOn, payment.provider.creditAfter)
    const key = `${credit}|${payment.provider.code}`
    const day = days.get(key)
    if (day) day.push(payment)
    else days.set(key, [payment])
  }
  const flows: SimulatedFlow[] = []
  const serials = new Map<string, number>()
  for (const [key, day] of [...days].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const regulationDate = key.slice(0, 10) as IsoDate
    const provider = (day[0] as Payment).provider
    for (let start = 0; start < day.length; start += provider.rowsPerFlow) {
      const serial = (serials.get(provider.code) ?? 0) + 1
      serials.set(provider.code, serial)
      const rows = day.slice(start, start + provider.rowsPerFlow)
      flows.push(emitFlow(rows, provider, regulationDate, serial, receiver, next))
    }
  }
  return flows
}

function emitFlow(
  payments: readonly Payment[],
  provider: Provider,
  regulationDate: IsoDate,
  serial: number,
  receiver: FlowReceiver,
  next: Next,
): SimulatedFlow {
  const flowId = `${regulationDate}${provider.code}-${provider.freePart(serial, regulationDate.replaceAll('-', ''))}`
  const trn = hexDigits(next, 30)
  const hour = String(between(next, 6, 22)).padStart(2, '0')
  const flow: WritableFlow = {
    flowId,
    flowDateTime: `${addDays(regulationDate, 1)}T${hour}:30:00`,
    regulationId: trn,
    regulationDate,
    senderType: 'B',
    senderId: provider.code,
    senderName: provider.name,
    bic: null,
    receiverFiscalCode: receiver.fiscalCode,
    receiverName: receiver.name,
    rows: payments.map((payment) => ({
      iuv: payment.notice.iuv,
      iur: payment.iur,
      index: provider.writesIndex ? payment.notice.idTransfer : null,
      amountCents: payment.notice.cents,
      outcome: payment.outcome,
      outcomeDate: payment.paidOn,
    })),
  }
  return {
    flowId,
    provider,
    regulationDate,
    totalCents: sum(payments.map((payment) => payment.notice.cents)),
    payments,
    trn,
    fileName: `${flowId}.xml`,
    bytes: writeReportingFlow(flow),
  }
}
