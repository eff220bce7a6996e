import { isIsoDate } from '#domain/date'
import { utcInstant } from './gpd-read.ts'
import { type NodeDesk, Refused } from './http.ts'
import type { NodePayment, NodePosition } from './records.ts'
import { paymentsOf, positionAt } from './states.ts'

const DAY_MS = 86_400_000
const WINDOW_DAYS = 30
const ORDERS = ['INSERTED_DATE', 'IUPD', 'STATUS', 'COMPANY_NAME']

interface Listed {
  readonly positions: readonly NodePosition[]
  /** A due-date window hides the other payments of a position that it lists, as the platform does. */
  readonly only: (payment: NodePayment) => boolean
  readonly page_info: {
    readonly page: number
    readonly limit: number
    readonly items_found: number
    readonly total_pages: number
  }
}

/** `getOrganizationDebtPositions` of v1 and v3. `statuses`: the words that the version knows. @throws Refused 400 */
export function listPositions(
  desk: NodeDesk,
  fiscalCode: string,
  query: URLSearchParams,
  statuses: readonly string[],
  isIn: (position: NodePosition, status: string) => boolean,
): Listed {
  const limit = whole(query, 'limit', 10, 1, 50)
  const page = whole(query, 'page', 0, 0, Number.MAX_SAFE_INTEGER)
  const status = oneOf(query, 'status', statuses)
  const order = oneOf(query, 'orderby', ORDERS) ?? 'INSERTED_DATE'
  const down = (oneOf(query, 'ordering', ['ASC', 'DESC']) ?? 'DESC') === 'DESC'
  const groups = ['due_date', 'payment_date', 'payment_date_time'].filter(
    (name) => query.has(`${name}_from`) || query.has(`${name}_to`),
  )
  if (groups.length > 1) throw new Refused(400, 'BAD REQUEST', `${groups.join(' and ')} exclude each other`)
  const due = groups[0] === 'due_date' ? range(query, 'due_date') : null
  const paid = groups[0] !== undefined && groups[0] !== 'due_date' ? range(query, groups[0]) : null

  const now = desk.now()
  const only = (payment: NodePayment) => due === null || inside(payment.dueDate, due)
  const hits: NodePosition[] = []
  for (const each of desk.store.all('position')) {
    if (each.organizationFiscalCode !== fiscalCode) continue
    const position = positionAt(each, now)
    if (status !== null && !isIn(position, status)) continue
    if (due !== null && !paymentsOf(position).some(only)) continue
    if (paid !== null && !(position.paymentDate !== undefined && inside(position.paymentDate, paid))) continue
    hits.push(position)
  }
  // They are kept in the order in which they came.
  if (order !== 'INSERTED_DATE') hits.sort((a, b) => (key(a, order) < key(b, order) ? -1 : 1))
  if (down) hits.reverse()
  const positions = hits.slice(page * limit, (page + 1) * limit)
  const total_pages = Math.ceil(hits.length / limit)
  return { positions, only, page_info: { page, limit, items_found: positions.length, total_pages } }
}

function key(position: NodePosition, order: string): string {
  return order === 'IUPD' ? position.iupd : order === 'STATUS' ? position.status : position.companyName
}

/** A flag of the query, false where it is absent. @throws Refused 400 */
export function flagOf(query: URLSearchParams, name: string): boolean {
  return oneOf(query, name, ['true', 'false']) === 'true'
}

/** A whole number of the query. @throws Refused 400 */
export function whole(query: URLSearchParams, name: string, absent: number, least: number, most: number): number {
  const text = query.get(name)
  if (text === null) return absent
  const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= most) return value
  throw new Refused(400, 'BAD REQUEST', `${name} must be a number from ${least} to ${most}`)
}

function oneOf(query: URLSearchParams, name: string, words: readonly string[]): string | null {
  const text = query.get(name)
  if (text === null || words.includes(text)) return text
  throw new Refused(400, 'BAD REQUEST', `${name} must be one of ${words.join(', ')}`)
}

interface Range {
  readonly from: string
  readonly to: string
}

function inside(instant: string, { from, to }: Range): boolean {
  return instant >= from && instant <= to
}

/** Both bounds, the missing one 30 days away. @throws Refused 400 when in the wrong order or further apart. */
function range(query: URLSearchParams, name: string): Range {
  const timed = name === 'payment_date_time'
  const read = (end: 'from' | 'to'): number | null => {
    const text = query.get(`${name}_${end}`)
    if (text === null) return null
    const instant = timed
      ? utcInstant(text)
      : isIsoDate(text)
        ? `${text}T${end === 'from' ? '00:00:00.000' : '23:59:59.999'}Z`
        : null
    if (instant === null) throw new Refused(400, 'BAD REQUEST', `${name}_${end} is not a date`)
    return Date.parse(instant)
  }
  const givenFrom = read('from')
  const givenTo = read('to')
  const day = (at: number, time: string) => Date.parse(`${new Date(at).toISOString().slice(0, 10)}T${time}Z`)
  const from = givenFrom ?? day((givenTo ?? 0) - WINDOW_DAYS * DAY_MS, '00:00:00.000')
  const to = givenTo ?? day(from + WINDOW_DAYS * DAY_MS, '23:59:59.999')
  if (from > to || Math.floor((to - from) / DAY_MS) > WINDOW_DAYS) {
    throw new Refused(400, 'The debt positions cannot be recovered', `${name}: at most ${WINDOW_DAYS} days, in order`)
  }
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() }
}
