import { addDays, epochMsOf, type Instant, instantOf, isIsoDate, romeDate } from '#domain/date'
import { cents, formatCents, parseAmount } from '#domain/money'
import type { SegregationCode } from '#domain/notice-number'
import { between, pickWeighted } from '../dice.ts'
import { PROVIDERS } from '../providers.ts'
import { BANK_HABITS, bankStatement } from './bank.ts'
import { FAULT_KINDS, type FaultRule } from './faults.ts'
import { flowXml } from './fdr.ts'
import type { NodeDesk } from './http.ts'
import type { PayOrder } from './money.ts'
import { payDue, payLater } from './orders.ts'
import { pay, refusalOf } from './pay.ts'
import { receiptOf, xmlOf } from './receipts.ts'
import { publishAgain, settle } from './settle.ts'
import { paySpontaneously } from './spontaneous.ts'
import { positionAt } from './states.ts'

/** What an act came to, for the person. */
export interface Said {
  readonly words: string
  readonly good: boolean
}

export interface Download {
  readonly name: string
  readonly type: string
  readonly bytes: Uint8Array
}

/** How far back the program looks again for receipts: what is paid further back is known by its flow only. */
export const REREAD_DAYS = 3

const bad = (words: string): Said => ({ words, good: false })
const good = (words: string): Said => ({ words, good: true })

/** `avviso`, `ente`, `psp`, `quando` (adesso, domani, giorno), `come` (regolare, due, comunque, altro, fallito), `importo`. */
export function payOne(fields: URLSearchParams, desk: NodeDesk): Said {
  const now = desk.now()
  const at = whenOf(fields, now)
  if (at === null) return bad('Scrivi il giorno del pagamento.')
  const how = fields.get('come') ?? 'regolare'
  const amount = how === 'altro' ? parseAmount(fields.get('importo') ?? '') : null
  if (amount !== null && !(amount.ok && amount.value > 0)) return bad('Scrivi l’importo pagato, nella forma 1.234,56.')
  const order: PayOrder = {
    creditor: fields.get('ente') ?? '',
    noticeNumber: fields.get('avviso') ?? '',
    psp: pspOf(fields, desk),
    at,
    how: how === 'comunque' ? 'standIn' : how === 'fallito' ? 'ko' : 'regular',
    ...(amount?.ok ? { cents: amount.value } : {}),
  }
  if (at > now) {
    payLater(desk.store, order, idOf(desk))
    if (how === 'due') payLater(desk.store, { ...order, how: 'standIn' }, idOf(desk))
    return good(`Sarà pagato il ${romeDate(at).split('-').reverse().join('/')}.`)
  }
  const done = pay(desk.store, order)
  if (!done.ok) return bad(done.reason)
  if (how === 'due') pay(desk.store, { ...order, how: 'standIn' })
  const { paid } = done
  const words = `${paid.debtor.name}: ${formatCents(cents(paid.cents))} €`
  if (!paid.ok) return good(`${words}, cominciato e non riuscito.`)
  return good(
    `${words}, pagato${how === 'due' ? ' due volte' : ''}. La ricevuta ${paid.hasReceipt ? 'c’è' : 'non ci sarà'}.`,
  )
}

/** `quota` per cent of the positions that can be paid, over the last `giorni`; plans at once or their first instalments. */
export function payMany(fields: URLSearchParams, desk: NodeDesk): Said {
  const share = Number(fields.get('quota')) / 100
  const days = Number(fields.get('giorni') ?? 1)
  if (!(share > 0 && share <= 1)) return bad('Scrivi quanti pagano, da 1 a 100.')
  if (!(Number.isInteger(days) && days >= 1 && days <= REREAD_DAYS)) return bad(`I giorni vanno da 1 a ${REREAD_DAYS}.`)
  const now = desk.now()
  const next = () => Buffer.from(desk.random.bytes(4)).readUInt32LE() / 2 ** 32
  let [count, sum] = [0, 0]
  for (const stored of [...desk.store.all('position')]) {
    const position = positionAt(stored, now)
    if (next() >= share) continue
    const options = position.options.filter((option) =>
      option.payments.some((payment) => refusalOf(position, payment) === null),
    )
    const option = options[between(next, 0, Math.max(0, options.length - 1))]
    const open = option?.payments.filter((payment) => refusalOf(position, payment) === null) ?? []
    for (const payment of open.slice(0, between(next, 1, Math.max(1, open.length)))) {
      const done = pay(desk.store, {
        creditor: position.organizationFiscalCode,
        noticeNumber: payment.nav,
        psp: pickWeighted(next, PROVIDERS).code,
        at: instantOf(epochMsOf(now) - between(next, 0, days - 1) * 86_400_000),
      })
      if (!done.ok) continue
      count += 1
      sum += done.paid.cents
    }
  }
  return count === 0
    ? bad('Nessun avviso si può pagare.')
    : good(`${count} pagamenti per ${formatCents(cents(sum))} €.`)
}

/** `tipo` (nostro, altrui), `oggetto`, `tassonomia`, `importo`, `psp`. */
export function payUnexpected(fields: URLSearchParams, desk: NodeDesk): Said {
  const amount = parseAmount(fields.get('importo') ?? '')
  const station = [...desk.store.all('station')][0]
  const iban = [...desk.store.all('iban')][0]
  if (!station || !iban) return bad('Il nodo non conosce ancora l’ente: apri «Nodo pagoPA» nel programma.')
  if (!amount.ok || amount.value <= 0) return bad('Scrivi l’importo, nella forma 1.234,56.')
  const known = new Set([...desk.store.all('station')].map((each) => each.segregationCode))
  const foreign = ['47', '46', '45'].find((code) => !known.has(code)) ?? '44'
  const paid = paySpontaneously(desk.store, {
    creditor: station.organizationFiscalCode,
    segregationCode: (fields.get('tipo') === 'altrui' ? foreign : station.segregationCode) as SegregationCode,
    psp: pspOf(fields, desk),
    at: desk.now(),
    cents: amount.value,
    description: (fields.get('oggetto') ?? '').trim().slice(0, 140) || 'Pagamento spontaneo',
    category: fields.get('tassonomia') ?? '',
    iban: iban.iban,
  })
  return good(`${paid.debtor.name}: ${formatCents(cents(paid.cents))} €, con il numero avviso ${paid.noticeNumber}.`)
}

/** What would come in the next days comes now. */
export function passDays(_fields: URLSearchParams, { store, now }: NodeDesk): Said {
  const at = now()
  const made = payDue(store, at, true)
  const flows = settle(store, at, true)
  if (made === 0 && flows.length === 0) return bad('Non c’era niente da anticipare.')
  const rows = flows.reduce((count, flow) => count + flow.rows.length, 0)
  const paid = made === 0 ? '' : `${made} pagamenti promessi sono stati fatti. `
  return good(`${paid}${flows.length} flussi per ${rows} pagamenti, accreditati in banca.`)
}

/** `chiave` of the revision shown, `corto` to leave its last row out. */
export function publishFlowAgain(fields: URLSearchParams, { store, now }: NodeDesk): Said {
  const flow = store.get('flow', fields.get('chiave') ?? '')
  if (!flow) return bad('Questo flusso non c’è.')
  const again = publishAgain(store, flow, now(), fields.get('corto') === 'si')
  return good(`${again.flowId}: revisione ${again.revision}, ${again.rows.length} pagamenti.`)
}

/** `genere`, `servizio`, `quota` per cent. */
export function addFault(fields: URLSearchParams, { faults }: NodeDesk): Said {
  const kind = FAULT_KINDS.find((each) => each === fields.get('genere'))
  const share = Number(fields.get('quota')) / 100
  if (kind === undefined || !(share > 0 && share <= 1)) return bad('Scegli un guasto e a quante chiamate, da 1 a 100.')
  const service = fields.get('servizio') as FaultRule['service'] | '' | null
  faults.set([...faults.rules(), { kind, share, ...(service ? { service } : {}) }])
  return good('Da adesso.')
}

export function clearFaults(_fields: URLSearchParams, { faults }: NodeDesk): Said {
  faults.set([])
  return good('Il nodo risponde di nuovo come si deve.')
}

export function receiptFile(query: URLSearchParams, desk: NodeDesk): Download | null {
  const paid = receiptOf(desk.store, query.get('ente') ?? '', query.get('iuv') ?? '')
  return paid ? { name: `ricevuta-${paid.iuv}.xml`, type: 'application/xml', bytes: xmlOf(desk, paid) } : null
}

export function flowFile(query: URLSearchParams, desk: NodeDesk): Download | null {
  const flow = desk.store.get('flow', query.get('chiave') ?? '')
  return flow ? { name: `${flow.flowId}.xml`, type: 'application/xml', bytes: flowXml(flow, desk) } : null
}

/** `iban`, `abitudini`, `forma`. */
export function statementFile(query: URLSearchParams, desk: NodeDesk): Download | null {
  const account = [...desk.store.all('iban')].find((each) => each.iban === query.get('iban'))
  if (!account) return null
  const habits = BANK_HABITS.find((each) => each === query.get('abitudini')) ?? 'usual'
  const style = (['intesa', 'camt'] as const).find((each) => each === query.get('forma')) ?? 'bancoPosta'
  const { fileName, bytes } = bankStatement(desk, account, habits, style)
  return { name: fileName, type: style === 'camt' ? 'application/xml' : 'text/csv', bytes }
}

function pspOf(fields: URLSearchParams, desk: NodeDesk): string {
  const named = PROVIDERS.find((each) => each.code === fields.get('psp'))
  if (named) return named.code
  return pickWeighted(() => (desk.random.bytes(1)[0] ?? 0) / 256, PROVIDERS).code
}

function idOf(desk: NodeDesk): string {
  return Buffer.from(desk.random.bytes(8)).toString('hex')
}

/** Now, or the morning of another day; null where the day is not one. */
function whenOf(fields: URLSearchParams, now: Instant): Instant | null {
  const when = fields.get('quando') ?? 'adesso'
  if (when === 'adesso') return now
  const day = when === 'domani' ? addDays(romeDate(now), 1) : fields.get('giorno')
  if (!isIsoDate(day)) return null
  return day === romeDate(now) ? now : (`${day}T09:30:00.000Z` as Instant)
}
