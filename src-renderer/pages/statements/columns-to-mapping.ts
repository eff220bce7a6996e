import type { StatementMapping } from '#domain/bank-statement'

/** What a person says of a column of the file. */
export const ROLES = {
  bookingDate: 'Data contabile',
  valueDate: 'Valuta',
  amount: 'Importo con segno',
  debit: 'Dare (uscite)',
  credit: 'Avere (entrate)',
  creditsOnly: 'Solo entrate',
  unsigned: 'Importo senza segno',
  sign: 'Segno (D/A)',
  description: 'Descrizione',
  reference: 'Riferimento',
  provvisorio: 'N. provvisorio',
} as const
export type Role = keyof typeof ROLES
/** By column, from 0. */
export type Roles = Readonly<Record<number, Role>>

/** How the file is cut into cells and how its dates and amounts are written. */
export type Shape = Pick<StatementMapping, 'encoding' | 'separator' | 'headerRow' | 'dateFormat' | 'decimalMark'> &
  Required<Pick<StatementMapping, 'skipTop' | 'skipBottom' | 'descriptionRows' | 'descriptionJoint' | 'amountUnit'>>

export const PLAIN_SHAPE: Shape = {
  encoding: 'utf-8',
  separator: ';',
  headerRow: 0,
  dateFormat: 'dmy',
  decimalMark: ',',
  skipTop: 0,
  skipBottom: 0,
  descriptionRows: 'one',
  descriptionJoint: 'blank',
  amountUnit: 'euro',
}
const DEBIT_WORDS = ['-', 'D', 'DARE', 'U', 'USCITA', 'ADDEBITO']
const CREDIT_WORDS = ['+', 'A', 'C', 'AVERE', 'E', 'ENTRATA', 'ACCREDITO']

export function rolesOf(mapping: StatementMapping): Roles {
  const roles: Record<number, Role> = {}
  for (const column of mapping.descriptionColumns) roles[column] = 'description'
  if (mapping.referenceColumn !== null) roles[mapping.referenceColumn] = 'reference'
  if (mapping.provvisorioColumn != null) roles[mapping.provvisorioColumn] = 'provvisorio'
  if (mapping.valueDateColumn !== null) roles[mapping.valueDateColumn] = 'valueDate'
  roles[mapping.bookingDateColumn] = 'bookingDate'
  const { amount } = mapping
  if (amount.kind === 'signed') roles[amount.column] = 'amount'
  else if (amount.kind === 'creditsOnly') roles[amount.column] = 'creditsOnly'
  else if (amount.kind === 'debitCredit') {
    roles[amount.debitColumn] = 'debit'
    roles[amount.creditColumn] = 'credit'
  } else {
    roles[amount.column] = 'unsigned'
    roles[amount.signColumn] = 'sign'
  }
  return roles
}

export function shapeOf(mapping: StatementMapping): Shape {
  const { encoding, separator, headerRow, dateFormat, decimalMark } = mapping
  return {
    ...{ encoding, separator, headerRow, dateFormat, decimalMark },
    skipTop: mapping.skipTop ?? PLAIN_SHAPE.skipTop,
    skipBottom: mapping.skipBottom ?? PLAIN_SHAPE.skipBottom,
    descriptionRows: mapping.descriptionRows ?? PLAIN_SHAPE.descriptionRows,
    descriptionJoint: mapping.descriptionJoint ?? PLAIN_SHAPE.descriptionJoint,
    amountUnit: mapping.amountUnit ?? PLAIN_SHAPE.amountUnit,
  }
}

/** The role given to a column; roles that only one column may have leave the one that had them. */
export function withRole(roles: Roles, column: number, role: Role | null): Roles {
  const kept = Object.entries(roles).filter(
    ([at, other]) => Number(at) !== column && (other !== role || other === 'description'),
  )
  return Object.fromEntries([...kept, ...(role === null ? [] : [[String(column), role]])]) as Roles
}

/** The mapping that the roles say, or what is still missing, in words. */
export function mappingOf(
  shape: Shape,
  roles: Roles,
  before: StatementMapping | null,
): { readonly mapping: StatementMapping } | { readonly missing: string } {
  const at = (role: Role) => {
    const found = Object.entries(roles).find(([, r]) => r === role)
    return found === undefined ? null : Number(found[0])
  }
  const bookingDateColumn = at('bookingDate')
  if (bookingDateColumn === null) return { missing: 'Di’ quale colonna è la data contabile.' }
  const amount = amountOf(at, before)
  if (amount === null) return { missing: 'Di’ quale colonna è l’importo, oppure quali sono dare e avere.' }
  const descriptionColumns = Object.entries(roles)
    .filter(([, role]) => role === 'description')
    .map(([column]) => Number(column))
    .sort((a, b) => a - b)
    .slice(0, 6)
  if (descriptionColumns.length === 0)
    return { missing: 'Di’ quale colonna è la descrizione: lì sta la causale pagoPA.' }
  const { skipTop, skipBottom, descriptionRows, descriptionJoint, amountUnit, ...plain } = shape
  const provvisorioColumn = at('provvisorio')
  return {
    mapping: {
      ...plain,
      bookingDateColumn,
      valueDateColumn: at('valueDate'),
      amount,
      descriptionColumns,
      referenceColumn: at('reference'),
      // What is as usual is not written: mappings remembered earlier do not have it.
      ...(provvisorioColumn === null ? {} : { provvisorioColumn }),
      ...(skipTop === 0 ? {} : { skipTop }),
      ...(skipBottom === 0 ? {} : { skipBottom }),
      ...(descriptionRows === 'one' ? {} : { descriptionRows }),
      ...(descriptionJoint === 'blank' ? {} : { descriptionJoint }),
      ...(amountUnit === 'euro' ? {} : { amountUnit }),
      // The rows that wait have no control here: they stay as they were proposed or remembered.
      ...(before?.skipWhere === undefined ? {} : { skipWhere: before.skipWhere }),
    },
  }
}

function amountOf(
  at: (role: Role) => number | null,
  before: StatementMapping | null,
): StatementMapping['amount'] | null {
  const [debit, credit, sign, unsigned] = [at('debit'), at('credit'), at('sign'), at('unsigned')]
  if (debit !== null && credit !== null) return { kind: 'debitCredit', debitColumn: debit, creditColumn: credit }
  if (unsigned !== null && sign !== null) {
    const words = before?.amount.kind === 'signColumn' ? before.amount : { debit: DEBIT_WORDS, credit: CREDIT_WORDS }
    return { kind: 'signColumn', column: unsigned, signColumn: sign, debit: words.debit, credit: words.credit }
  }
  const [signed, only] = [at('amount'), at('creditsOnly')]
  if (signed !== null) return { kind: 'signed', column: signed }
  return only === null ? null : { kind: 'creditsOnly', column: only }
}

const HEADINGS: readonly (readonly [RegExp, Role])[] = [
  [/valuta|data val/i, 'valueDate'],
  [/^data|contabil|data op|registrazione/i, 'bookingDate'],
  [/dare|addebit|uscit/i, 'debit'],
  [/avere|accredit|entrat/i, 'credit'],
  [/^segno|^d\/a/i, 'sign'],
  [/importo|ammontare/i, 'amount'],
  [/descri|causale|dettagli/i, 'description'],
  [/provv|sospes/i, 'provvisorio'],
  [/rif|cro|trn/i, 'reference'],
]

/** What the headings suggest where the file gave no proposal: only a start, applied when the person says so. */
export function rolesFromHeadings(headings: readonly string[] | undefined): Roles {
  let roles: Roles = {}
  headings?.forEach((heading, column) => {
    const role = HEADINGS.find(([words]) => words.test(heading.trim()))?.[1]
    const taken = role !== 'description' && Object.values(roles).includes(role as Role)
    if (role && !taken) roles = withRole(roles, column, role)
  })
  return roles
}

/** `A`, `B`… `AA` of a column from 0. */
export function columnLetter(column: number): string {
  const last = String.fromCharCode(65 + (column % 26))
  return column < 26 ? last : columnLetter(Math.floor(column / 26) - 1) + last
}
