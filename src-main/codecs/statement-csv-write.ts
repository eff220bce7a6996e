import type { StatementMovement } from '#domain/bank-statement'
import { formatDate, type IsoDate } from '#domain/date'
import { add, type Cents, formatCents, negate, sum } from '#domain/money'
import { csvLine } from './csv-write.ts'

export interface WritableStatement {
  readonly holder: string
  readonly iban: string
  readonly from: IsoDate
  readonly to: IsoDate
  readonly openingCents: Cents
  readonly movements: readonly Pick<StatementMovement, 'bookingDate' | 'valueDate' | 'amountCents' | 'description'>[]
}

/** A list like BancoPosta's: few lines of preamble, two unsigned columns, `;`, UTF-8. */
export function writeBancoPostaStatement(statement: WritableStatement): Uint8Array {
  const lines = [
    csvLine(['Conto BancoPosta']),
    csvLine(['Intestato a:', statement.holder]),
    csvLine(['IBAN:', statement.iban]),
    csvLine(['Periodo dal:', formatDate(statement.from), 'al:', formatDate(statement.to)]),
    csvLine([]),
    csvLine(['Data Contabile', 'Data Valuta', 'Addebiti (euro)', 'Accrediti (euro)', 'Descrizione operazioni']),
    ...statement.movements.map((m) => csvLine([...days(m), ...columns(m.amountCents, false), m.description])),
  ]
  return new TextEncoder().encode(lines.join(''))
}

/** A list like Intesa's: the headings at row 28, debits negative, balances around the rows, Windows-1252. */
export function writeIntesaStatement(statement: WritableStatement): Uint8Array {
  const closing = add(statement.openingCents, sum(statement.movements.map((m) => m.amountCents)))
  const preamble: string[][] = [
    [],
    [],
    [],
    [],
    [],
    ['N.B. Il saldo disponibile può comprendere movimenti non ancora contabilizzati'],
    ['Intestatario conto:', statement.holder],
    ['Numero conto:', statement.iban],
    ['Filiale:', '00001'],
    [`Saldo contabile iniziale al: ${formatDate(statement.from)}`, plain(statement.openingCents)],
    [`Saldo contabile finale al: ${formatDate(statement.to)}`, plain(closing)],
    [`I movimenti selezionati sono: ${statement.movements.length}`],
  ]
  while (preamble.length < 26) preamble.push([])
  const lines = [
    ...preamble.map((cells) => csvLine([...cells, ...Array(9 - cells.length).fill('')])),
    csvLine(['Operazioni contabilizzate', '', '', '', '', '', '', '', '']),
    csvLine([
      'Data contabile',
      'Data valuta',
      'Descrizione',
      'Accrediti',
      'Addebiti',
      'Descrizione estesa',
      'Effettuata tramite:',
      '',
      '',
    ]),
    csvLine(['', '', 'Saldo contabile iniziale in Euro', '', plain(statement.openingCents), '', '', '', '']),
    ...statement.movements.map((m) => {
      const [debit, credit] = columns(m.amountCents, true)
      const short = m.amountCents > 0 ? 'Bonifico a Vostro favore' : 'Addebito'
      return csvLine([...days(m), short, credit, debit, m.description, 'Internet', '', ''])
    }),
    csvLine(['', '', 'Saldo contabile finale in Euro', '', plain(closing), '', '', '', '']),
  ]
  return encode1252(lines.join(''))
}

function days(m: WritableStatement['movements'][number]): [string, string] {
  return [formatDate(m.bookingDate), m.valueDate === null ? '' : formatDate(m.valueDate)]
}

function columns(amount: Cents, negativeDebit: boolean): [string, string] {
  if (amount >= 0) return ['', plain(amount)]
  return [plain(negativeDebit ? amount : negate(amount)), '']
}

function plain(amount: Cents): string {
  return formatCents(amount).replace('\u2212', '-')
}

/** The characters of these lists all stand in Latin-1; any other becomes `?`, as banks do. */
function encode1252(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => ((char.codePointAt(0) as number) < 256 ? (char.codePointAt(0) as number) : 63))
}
