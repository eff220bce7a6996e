import { Refused } from './http.ts'
import type { Debtor, Metadata, NodeTransfer } from './records.ts'

/** A position as it was sent, v1, v2 and v3 alike; instants are UTC with milliseconds. Nothing but its shape was judged. */
export interface SentPosition {
  readonly iupd: string
  readonly payStandIn: boolean
  readonly companyName: string
  readonly officeName?: string
  readonly options: readonly SentOption[]
}

export interface SentOption {
  readonly plan: boolean
  readonly description?: string
  readonly validityDate?: string
  readonly switchToExpired: boolean
  readonly debtor: Debtor
  readonly payments: readonly SentPayment[]
}

export interface SentPayment {
  readonly iuv: string
  readonly nav?: string
  readonly amount: number
  readonly description: string
  readonly dueDate: string
  readonly retentionDate?: string
  readonly transfer: readonly SentTransfer[]
  readonly metadata: readonly Metadata[]
}

export type SentTransfer = Omit<NodeTransfer, 'status' | 'lastUpdatedDate' | 'organizationFiscalCode'> & {
  readonly organizationFiscalCode?: string
}

type Fields = Readonly<Record<string, unknown>>

/**
 * Reads the body of `POST|PUT …/debtpositions` of v1 (also one row of v2) by the shape of `PaymentPositionModel`.
 * @throws Refused 400 naming what is missing or wrong.
 */
export function readV1(value: unknown): SentPosition {
  return reading((r) => {
    const body = r.object(value, 'body')
    const debtor = r.debtor(body)
    const validityDate = r.instant(body, 'validityDate')
    const switchToExpired = r.flag(body, 'switchToExpired', true)
    const common = { ...validityDate, switchToExpired, debtor }
    const sent = r.list(body, 'paymentOption', 0, Number.POSITIVE_INFINITY).map((each) => {
      const option = r.object(each, 'paymentOption')
      return { partial: r.flag(option, 'isPartialPayment', true), payment: r.payment(option, 'paymentOptionMetadata') }
    })
    const plan = sent.filter(({ partial }) => partial).map(({ payment }) => payment)
    const options: SentOption[] = sent
      .filter(({ partial }) => !partial)
      .map(({ payment }) => ({ ...common, plan: false, payments: [payment] }))
    if (plan.length > 0) options.push({ ...common, plan: true, payments: plan })
    return { ...r.head(body), options }
  })
}

/** The same for `PaymentPositionModelV3`. */
export function readV3(value: unknown): SentPosition {
  return reading((r) => {
    const body = r.object(value, 'body')
    const options = r.list(body, 'paymentOption', 1, 100).map((each): SentOption => {
      const option = r.object(each, 'paymentOption')
      const payments = r
        .list(option, 'installments', 1, 100)
        .map((one) => r.payment(r.object(one, 'installments'), 'installmentMetadata'))
      return {
        plan: payments.length > 1,
        ...r.optional(option, 'description', 140),
        ...r.instant(option, 'validityDate'),
        switchToExpired: r.flag(option, 'switchToExpired', true),
        debtor: r.debtor(r.object(option.debtor, 'debtor')),
        payments,
      }
    })
    return { ...r.head(body), options }
  })
}

/** `paymentPositionIUPDs` of a deletion. @throws Refused 400 */
export function readIupds(value: unknown, least: number, most: number): string[] {
  return reading((r) => {
    const list = r.list(r.object(value, 'body'), 'paymentPositionIUPDs', least, most)
    return list.map((each) => {
      if (typeof each === 'string' && each !== '') return each
      r.wrong('paymentPositionIUPDs must be texts')
      return ''
    })
  })
}

/** The unread rows of `paymentPositions`. @throws Refused 400 */
export function readRows(value: unknown, most: number): unknown[] {
  return reading((r) => r.list(r.object(value, 'body'), 'paymentPositions', 1, most))
}

/** A date-time in UTC, or without zone, as the platform takes it; null when it is neither. */
export function utcInstant(value: unknown): string | null {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?Z?$/.test(value)) return null
  const at = new Date(value.endsWith('Z') ? value : `${value}Z`)
  return Number.isNaN(at.getTime()) ? null : at.toISOString()
}

function reading<T>(read: (reader: Reader) => T): T {
  const reader = new Reader()
  const value = read(reader)
  if (reader.problems.length > 0) throw new Refused(400, 'BAD REQUEST', reader.problems.join(', '))
  return value
}

class Reader {
  readonly problems: string[] = []

  wrong(text: string): void {
    if (this.problems.length < 20) this.problems.push(text)
  }

  object(value: unknown, name: string): Fields {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
    this.wrong(`${name} must be an object`)
    return {}
  }

  list(from: Fields, name: string, least: number, most: number): unknown[] {
    const value = from[name] ?? []
    if (Array.isArray(value) && value.length >= least && value.length <= most) return value
    this.wrong(`${name} size must be between ${least} and ${most}`)
    return []
  }

  text(from: Fields, name: string, most = Number.POSITIVE_INFINITY): string {
    const value = from[name]
    if (typeof value !== 'string' || value.trim() === '') this.wrong(`${name} is required`)
    else if (value.length > most) this.wrong(`${name} size must be between 0 and ${most}`)
    else return value
    return ''
  }

  optional<N extends string>(
    from: Fields,
    name: N,
    most = Number.POSITIVE_INFINITY,
    form?: RegExp,
  ): { [K in N]?: string } {
    const value = from[name]
    if (value === undefined || value === null) return {}
    if (typeof value === 'string' && value.length <= most && (!form || form.test(value))) {
      return { [name]: value } as { [K in N]?: string }
    }
    this.wrong(`${name} is not valid`)
    return {}
  }

  flag(from: Fields, name: string, required: boolean): boolean {
    const value = from[name]
    if (typeof value === 'boolean') return value
    if (required || (value !== undefined && value !== null)) this.wrong(`${name} is required`)
    return false
  }

  amount(from: Fields): number {
    const value = from.amount
    if (Number.isSafeInteger(value) && (value as number) >= 1) return value as number
    this.wrong('amount: minimum amount is 1 eurocent')
    return 0
  }

  instant<N extends string>(from: Fields, name: N, required = false): { [K in N]?: string } {
    const value = from[name]
    if ((value === undefined || value === null) && !required) return {}
    const at = utcInstant(value)
    if (at === null) this.wrong(`${name} must be a date and time in UTC`)
    return { [name]: at ?? '' } as { [K in N]?: string }
  }

  head(body: Fields) {
    return {
      iupd: this.text(body, 'iupd'),
      payStandIn: body.payStandIn === undefined ? true : this.flag(body, 'payStandIn', true),
      companyName: this.text(body, 'companyName', 140),
      ...this.optional(body, 'officeName', 140),
    }
  }

  debtor(from: Fields): Debtor {
    const { type } = from
    if (type !== 'F' && type !== 'G') this.wrong('type is required')
    return {
      type: type === 'G' ? 'G' : 'F',
      fiscalCode: this.text(from, 'fiscalCode'),
      fullName: this.text(from, 'fullName'),
      ...this.optional(from, 'streetName'),
      ...this.optional(from, 'civicNumber'),
      ...this.optional(from, 'postalCode'),
      ...this.optional(from, 'city'),
      ...this.optional(from, 'province'),
      ...this.optional(from, 'region'),
      ...this.optional(from, 'country', 2, /^[A-Z]{2}$/),
      ...this.optional(from, 'email', 320, /^(|[^\s@]+@[^\s@]+)$/),
      ...this.optional(from, 'phone'),
    }
  }

  payment(from: Fields, metadataName: string): SentPayment {
    const transfer = this.list(from, 'transfer', 0, Number.POSITIVE_INFINITY)
    return {
      iuv: this.text(from, 'iuv'),
      ...this.optional(from, 'nav'),
      amount: this.amount(from),
      description: this.text(from, 'description', 140),
      dueDate: this.instant(from, 'dueDate', true).dueDate ?? '',
      ...this.instant(from, 'retentionDate'),
      transfer: transfer.map((each) => this.transfer(this.object(each, 'transfer'))),
      metadata: this.metadata(from, metadataName),
    }
  }

  transfer(from: Fields): SentTransfer {
    return {
      idTransfer: this.text(from, 'idTransfer'),
      amount: this.amount(from),
      ...this.optional(from, 'organizationFiscalCode'),
      remittanceInformation: this.text(from, 'remittanceInformation', 140),
      category: this.text(from, 'category'),
      ...this.optional(from, 'iban', 35, /^[A-Za-z0-9]{1,35}$/),
      ...this.optional(from, 'postalIban', 35, /^[A-Za-z0-9]{1,35}$/),
      ...this.stamp(from),
      ...this.optional(from, 'companyName', 140),
      transferMetadata: this.metadata(from, 'transferMetadata'),
    }
  }

  stamp(from: Fields): Pick<SentTransfer, 'stamp'> {
    if (from.stamp === undefined || from.stamp === null) return {}
    const stamp = this.object(from.stamp, 'stamp')
    const provincialResidence = this.text(stamp, 'provincialResidence')
    if (!/^[A-Z]{2}$/.test(provincialResidence)) this.wrong('provincialResidence is not valid')
    const stampType = this.text(stamp, 'stampType')
    if (stampType.length !== 2) this.wrong('stampType size must be 2')
    return { stamp: { hashDocument: this.text(stamp, 'hashDocument', 72), stampType, provincialResidence } }
  }

  metadata(from: Fields, name: string): Metadata[] {
    const rows = this.list(from, name, 0, 10).map((each) => {
      const row = this.object(each, name)
      return { key: this.text(row, 'key', 140), ...this.optional(row, 'value', 140) }
    })
    if (new Set(rows.map(({ key }) => key)).size < rows.length) this.wrong(`${name} keys must be unique`)
    return rows
  }
}
