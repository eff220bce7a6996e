import type { Instant, IsoDate } from '../domain/date.ts'
import type { Cents } from '../domain/money.ts'
import { writeCsv } from './csv-write.ts'
import type { TableColumn } from './table.ts'

/** One PDF beside which the index stands. */
export interface IndexEntry {
  readonly file: string
  readonly fiscalCode: string | null
  readonly noticeNumber: string
  readonly iuv: string
  /** Of the payment that gives the paper its number. */
  readonly cents: Cents
  readonly dueDate: IsoDate | null
  /** Of the PDF's bytes, hex. */
  readonly sha256: string
}

const COLUMNS: readonly TableColumn[] = [
  { heading: 'file', kind: 'text' },
  { heading: 'codiceFiscale', kind: 'text' },
  { heading: 'numeroAvviso', kind: 'text' },
  { heading: 'iuv', kind: 'text' },
  { heading: 'importo', kind: 'money' },
  { heading: 'scadenza', kind: 'date' },
  { heading: 'sha256', kind: 'text' },
]

/** Name without extension of a campaign's index: its own, so that two campaigns in one folder never meet. */
export function indexName(campaignId: number, at: Instant): string {
  return `indice-avvisi-${at.slice(0, 10)}-campagna-${campaignId}`
}

/** For people and spreadsheets. The same entries give the same bytes. Who is behind a fiscal code is not told. */
export async function indexCsv(entries: readonly IndexEntry[]): Promise<Uint8Array> {
  const rows = entries.map((e) => [e.file, e.fiscalCode, e.noticeNumber, e.iuv, e.cents, e.dueDate, e.sha256])
  const chunks: Uint8Array[] = []
  for await (const chunk of writeCsv(COLUMNS, rows)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** For the programs of a site: amounts in cents, dates ISO. The same entries give the same bytes. */
export function indexJson(campaignId: number, entries: readonly IndexEntry[]): Uint8Array {
  const avvisi = entries.map((e) => ({
    file: e.file,
    codiceFiscale: e.fiscalCode,
    numeroAvviso: e.noticeNumber,
    iuv: e.iuv,
    importoCentesimi: e.cents,
    scadenza: e.dueDate,
    sha256: e.sha256,
  }))
  return new TextEncoder().encode(
    `${JSON.stringify({ formato: 'indice-avvisi', versione: 1, campagna: campaignId, avvisi }, null, 2)}\n`,
  )
}
