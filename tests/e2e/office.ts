import { REGISTER_COLUMNS } from '#codecs/register-columns'
import { writeRegister } from '#codecs/register-write'
import { xlsxBytes } from '#codecs/xlsx-write'
import { addDays, formatDate, type Instant, type IsoDate, instantOf, isoDate, romeDate } from '#domain/date'
import { type Cents, cents, formatCents, sum } from '#domain/money'
import { rehearsalRegister } from '#domain/rehearsal-register'
import { seededRandom } from '#hosts/random'
import { uniform } from '#services/rehearsal'
import { type Rehearsal, rehearse } from '#simulator/rehearse'

/** The invented institution that a person types into the first-run guide. */
export const INSTITUTION = {
  name: 'Ordine dei Cartografi di Vallombra',
  fiscalCode: '80099980254',
  office: 'Segreteria',
  bankIban: 'IT66S0999912100000000012345',
  postalIban: 'IT60J0760112100000009912345',
} as const

/** The program's own «today»: the day in Italy, whatever the machine's zone. */
export const TODAY = romeDate(instantOf(Date.now()))
export const YEAR = Number(TODAY.slice(0, 4))

type Dues = ReturnType<typeof rehearsalRegister>

/** Everyone's dues of this year, some of the year before; the same on every run. */
export function duesOf(members: number): Dues {
  return rehearsalRegister(members, YEAR, uniform({ random: seededRandom(11) }))
}

export function totalOf(dues: Dues): Cents {
  return sum(dues.map((due) => due.amountCents))
}

export async function workbookOf(dues: Dues): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of writeRegister(dues, `${TODAY}T08:00:00.000Z` as Instant)) chunks.push(chunk)
  return new Uint8Array(Buffer.concat(chunks))
}

/** The same workbook as somebody typed it: texts in every cell, and four cells wrong. */
export function mistakenWorkbook(dues: Dues, length = 12): Promise<Uint8Array> {
  const rows = dues.slice(0, length).map((due) => ({
    ...Object.fromEntries(REGISTER_COLUMNS.map((c) => [c.key, ''])),
    fiscalCode: due.fiscalCode as string,
    name: due.name,
    category: due.category === 'stp' ? 'società tra professionisti' : due.category,
    service: due.service,
    competenceYear: String(due.competenceYear),
    causale: due.causale,
    amount: formatCents(due.amountCents),
    dueDate: `31/03/${YEAR}`,
  }))
  const at = (index: number) => rows[index] as { [key: string]: string }
  at(1).amount = '1,234.56'
  at(3).dueDate = `31/02/${YEAR}`
  at(6).fiscalCode = 'ABCDEF'
  at(9).service = 'Quota inventata'
  const sheet = {
    name: 'Quote',
    columns: REGISTER_COLUMNS.map(({ heading }) => ({ heading, kind: 'text' as const })),
    rows: rows.map((row) => REGISTER_COLUMNS.map(({ key }) => (row as { [key: string]: string })[key] || null)),
  }
  return xlsxBytes([sheet], { createdAt: `${TODAY}T08:00:00.000Z` as Instant })
}

export interface IssuedNotice {
  readonly iuv: string
  readonly cents: number
  readonly debtor: string
}

/** Payers, providers and the bank of the last fortnight, on the notices as the list on screen exports them. */
export function worldOf(notices: readonly IssuedNotice[]): Rehearsal {
  const january = isoDate(`${YEAR}-01-01`)
  const fortnight = addDays(TODAY, -14)
  return rehearse(
    {
      receiver: { fiscalCode: INSTITUTION.fiscalCode, name: INSTITUTION.name },
      account: { iban: INSTITUTION.bankIban, openingDate: january },
      notices: notices.map((n) => ({ ...n, cents: cents(n.cents), idTransfer: 1 })),
      share: 0.8,
      from: fortnight > january ? fortnight : january,
      days: 4,
      style: 'intesa',
    },
    uniform({ random: seededRandom(5) }),
  )
}

/** A list of a small bank that no profile knows, with headings of its own. */
export function smallBankCsv(movements: Rehearsal['statement']['movements']): Uint8Array {
  const rows = movements.map((m) => [
    formatDate(m.bookingDate),
    formatDate(m.valueDate),
    m.description.replaceAll(';', ','),
    formatCents(m.amountCents).replace('−', '-'),
  ])
  const lines = [['Giorno', 'Decorrenza', 'Testo', 'Somma'], ...rows].map((cells) => `${cells.join(';')}\r\n`)
  return new TextEncoder().encode(lines.join(''))
}

/** Headings of another program's register: a title above them, surname and name apart, a column that serves nobody. */
const FOREIGN = ['Cod. iscritto', 'Cogn.', 'Nom.', 'Pos.', 'Da versare', 'Entro il', 'Recapito', 'Note']
const POSITIONS = { professionista: 'ORD', stp: 'SOC', praticante: 'TIR', altro: 'ALT' } as const

/** The register of a program that no profile knows; `cells` writes some of them otherwise, by row and heading. */
export function foreignRegisterCsv(
  people: readonly { readonly fiscalCode: string; readonly name: string; readonly category: keyof typeof POSITIONS }[],
  dueDate: IsoDate,
  cells: (index: number) => Readonly<Record<string, string>>,
): Uint8Array {
  const rows = people.map((person, i) => {
    const [surname = '', ...rest] = person.name.split(' ')
    const usual: Record<string, string> = {
      'Cod. iscritto': person.fiscalCode,
      'Cogn.': surname,
      'Nom.': rest.join(' '),
      'Pos.': POSITIONS[person.category],
      'Da versare': '215,00',
      'Entro il': formatDate(dueDate),
      Recapito: `iscritto${i}@pec.example`,
      Note: 'interna',
      ...cells(i),
    }
    return FOREIGN.map((heading) => usual[heading] ?? '')
  })
  const lines = [['Estrazione iscritti'], FOREIGN, ...rows].map((row) => `${row.join(';')}\r\n`)
  return new TextEncoder().encode(lines.join(''))
}
