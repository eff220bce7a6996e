import { seededRandom } from '#hosts/random'
import { openRehearsalNode, type RehearsalNode, type RehearsalNodeOptions } from '#simulator/node/server'
import { FakeClock } from '../ledger/support/fake-clock.ts'
import { judged, type NodeJudge } from '../node/openapi.ts'

export const ORDINE = '80087670016'
export const ALTRO = '97249640588'
export const IBAN = 'IT60X0542811101000000123456'
export const POSTAL = 'IT76P0306909790100000300089'

const INSTITUTION = {
  fiscalCode: ORDINE,
  name: 'Ordine di prova',
  brokerCode: ORDINE,
  stationCode: `${ORDINE}_01`,
  segregationCodes: ['01'],
  ibans: [
    { iban: IBAN, description: 'Banca' },
    { iban: POSTAL, description: 'Poste' },
  ],
}

export interface NodeOffice {
  readonly node: RehearsalNode
  readonly clock: FakeClock
  readonly judge: NodeJudge
  /** A call with the key of GPD; `path` below the base of positions. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: whatever the node answers
  readonly json: any
}

/** A rehearsal node that knows one institution, each call judged by the official files. */
export async function nodeOffice(options: Partial<RehearsalNodeOptions> = {}): Promise<NodeOffice> {
  const clock = new FakeClock('2026-03-02T09:00:00.000Z')
  const node = await openRehearsalNode({
    folder: null,
    clock,
    random: seededRandom(7),
    institution: INSTITUTION,
    ...options,
  })
  const judge = judged(node)
  return {
    node,
    clock,
    judge,
    async call(method, path, body, headers = {}) {
      const response = await fetch(`${node.origin}/gpd/debt-positions-service${path}`, {
        method,
        headers: {
          'Ocp-Apim-Subscription-Key': node.keys.gpd,
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      return { status: response.status, headers: response.headers, json: text === '' ? null : JSON.parse(text) }
    },
  }
}

/** Numbers of the n-th invented notice: IUV of 17 digits with segregation code 01. */
export function iuvOf(n: number): string {
  return `01${String(n).padStart(15, '0')}`
}

export function transfer(amount: number, change: object = {}) {
  return {
    idTransfer: '1',
    amount,
    organizationFiscalCode: ORDINE,
    remittanceInformation: 'Quota 2026',
    category: '9/0401107TS/',
    iban: IBAN,
    ...change,
  }
}

export function option(n: number, change: object = {}) {
  return {
    nav: `3${iuvOf(n)}`,
    iuv: iuvOf(n),
    amount: 15_000,
    description: 'Quota 2026',
    isPartialPayment: false,
    dueDate: '2026-03-31T21:59:59Z',
    transfer: [transfer(15_000)],
    ...change,
  }
}

/** The n-th position, v1 and v2. */
export function position(n: number, change: object = {}) {
  return {
    iupd: `${ORDINE}-${n}`,
    type: 'F',
    payStandIn: true,
    fiscalCode: 'RSSMRA85T10A562S',
    fullName: 'Tersilla Boscarolo',
    switchToExpired: false,
    companyName: 'Ordine di prova',
    paymentOption: [option(n)],
    ...change,
  }
}

/** A plan of three instalments beside the whole, v3; notices n … n+3. */
export function plan(n: number, change: object = {}) {
  const debtor = { type: 'F', fiscalCode: 'RSSMRA85T10A562S', fullName: 'Tersilla Boscarolo' }
  const { isPartialPayment: _, ...single } = option(n)
  const installment = (k: number) => {
    const { isPartialPayment: __, ...each } = option(n + k, {
      amount: 5000,
      dueDate: `2026-0${2 + k}-30T21:59:59Z`,
      transfer: [transfer(5000)],
    })
    return each
  }
  return {
    iupd: `${ORDINE}-${n}`,
    payStandIn: true,
    companyName: 'Ordine di prova',
    paymentOption: [
      { description: 'Intero', switchToExpired: false, debtor, installments: [single] },
      { description: 'Rate', switchToExpired: false, debtor, installments: [1, 2, 3].map(installment) },
    ],
    ...change,
  }
}
