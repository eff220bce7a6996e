import { type IsoDate, instantOf, romeDate } from '#domain/date'
import type { GpdOption, GpdPosition } from '#domain/gpd'
import { type Cents, cents } from '#domain/money'
import type { PartnerFileKind } from '#domain/partner'
import { writeCsv } from './csv-write.ts'
import type { TableCell, TableColumn, TableRow } from './table.ts'

/** A position as a file for the partner tells it. */
export interface PartnerFileRow {
  readonly iupd: string
  readonly version: number
  /** Null where it is to be taken away. */
  readonly position: GpdPosition | null
}

const OPERATIONS: Readonly<Record<PartnerFileKind, string>> = { create: 'CREA', update: 'AGGIORNA', delete: 'ANNULLA' }
const MOST_TRANSFERS = 5

const text = (heading: string): TableColumn => ({ heading, kind: 'text' })
const money = (heading: string): TableColumn => ({ heading, kind: 'money' })
const date = (heading: string): TableColumn => ({ heading, kind: 'date' })
const integer = (heading: string): TableColumn => ({ heading, kind: 'integer' })

const COLUMNS: readonly TableColumn[] = [
  ...[integer('lotto'), text('operazione'), text('iupd'), integer('versione')],
  ...[text('tipo_debitore'), text('codice_fiscale'), text('nominativo'), text('via'), text('civico'), text('cap')],
  ...[text('comune'), text('provincia'), text('nazione'), text('email')],
  ...[text('pagamento'), integer('rata'), integer('rate')],
  ...[text('codice_avviso'), text('iuv'), money('importo'), date('scadenza'), date('valida_fino_al')],
  text('descrizione'),
  ...Array.from({ length: MOST_TRANSFERS }, (_, i) => [
    ...[
      money(`versamento${i + 1}_importo`),
      text(`versamento${i + 1}_ente`),
      text(`versamento${i + 1}_iban`),
      text(`versamento${i + 1}_iban_postale`),
    ],
    ...[text(`versamento${i + 1}_causale`), text(`versamento${i + 1}_tassonomia`)],
  ]).flat(),
]

/** docs/tracciato-partner.md: a row for each payment that can be made; of what is to be taken away, one row. @param lotto number of the batch */
export function writePartnerCsv(
  lotto: number,
  kind: PartnerFileKind,
  rows: readonly PartnerFileRow[],
): AsyncGenerator<Uint8Array> {
  return writeCsv(COLUMNS, tableRows(lotto, kind, rows))
}

function* tableRows(lotto: number, kind: PartnerFileKind, rows: readonly PartnerFileRow[]): Generator<TableRow> {
  for (const { iupd, version, position } of rows) {
    const head: TableCell[] = [lotto, OPERATIONS[kind], iupd, version]
    if (position === null) yield head
    else for (const payment of paymentsOf(position)) yield [...head, ...debtorCells(position), ...payment]
  }
}

function debtorCells(position: GpdPosition): TableCell[] {
  const { type, fiscalCode, fullName, streetName, civicNumber, postalCode } = position
  const { city, province, country, email } = position
  return [type, fiscalCode, fullName, streetName, civicNumber, postalCode, city, province, country, email].map(
    (cell) => cell ?? null,
  )
}

function paymentsOf({ paymentOption }: GpdPosition): TableCell[][] {
  const plan = paymentOption.filter((one) => one.isPartialPayment)
  return paymentOption.map((one) => {
    const nth = one.isPartialPayment ? plan.indexOf(one) + 1 : null
    return [
      ...[one.isPartialPayment ? 'RATA' : 'UNICO', nth, nth === null ? null : plan.length],
      ...[one.nav, one.iuv, cents(one.amount), dayOf(one.dueDate), dayOf(one.retentionDate), one.description],
      ...transferCells(one),
    ]
  })
}

function transferCells({ transfer }: GpdOption): TableCell[] {
  return transfer.flatMap((one): (string | Cents)[] => [
    ...[
      cents(one.amount),
      one.organizationFiscalCode,
      one.iban ?? '',
      one.postalIban ?? '',
      one.remittanceInformation,
      one.category,
    ],
  ])
}

/** The Italian day that ends at such a moment. */
function dayOf(moment: string | undefined): IsoDate | null {
  return moment === undefined ? null : romeDate(instantOf(Date.parse(moment)))
}
