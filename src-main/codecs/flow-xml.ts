import { type IsoDate, isIsoDate } from '#domain/date'
import { type Cents, formatCents, negate, parseDecimal, sum } from '#domain/money'
import { type Problem, type ProblemPlace, problem } from '#domain/problem'
import {
  type FlowSenderType,
  isFlowOutcome,
  type ReportingFlow,
  type ReportingFlowReading,
  type ReportingFlowRow,
} from '#domain/reporting-flow'
import { instantOfDateTime } from './iso-date-time.ts'
import type { ByteSource } from './refusal.ts'
import { readXml, XML_LIMITS, type XmlPlace } from './xml-read.ts'

const ROW = 'datiSingoliPagamenti'
const SENDER = 'istitutoMittente/identificativoUnivocoMittente'
const RECEIVER = 'istitutoRicevente/identificativoUnivocoRicevente'

/** Every leaf of FlussoRiversamento by its path below the root: the words for problems and the longest text (pagopa.md §4.1). */
const FIELDS: Readonly<Record<string, { readonly label: string; readonly max: number; readonly optional?: true }>> = {
  versioneOggetto: { label: 'la versione (versioneOggetto)', max: 16 },
  identificativoFlusso: { label: 'l’identificativo del flusso (identificativoFlusso)', max: 35 },
  dataOraFlusso: { label: 'la data e ora del flusso (dataOraFlusso)', max: 40 },
  identificativoUnivocoRegolamento: { label: 'il TRN (identificativoUnivocoRegolamento)', max: 35 },
  dataRegolamento: { label: 'la data di regolamento (dataRegolamento)', max: 40 },
  [`${SENDER}/tipoIdentificativoUnivoco`]: { label: 'il tipo del mittente (tipoIdentificativoUnivoco)', max: 1 },
  [`${SENDER}/codiceIdentificativoUnivoco`]: { label: 'il codice del mittente (codiceIdentificativoUnivoco)', max: 35 },
  'istitutoMittente/denominazioneMittente': { label: 'il nome del mittente', max: 70, optional: true },
  codiceBicBancaDiRiversamento: { label: 'il BIC (codiceBicBancaDiRiversamento)', max: 35, optional: true },
  [`${RECEIVER}/tipoIdentificativoUnivoco`]: { label: 'il tipo del ricevente', max: 1, optional: true },
  [`${RECEIVER}/codiceIdentificativoUnivoco`]: { label: 'il codice fiscale del ricevente', max: 35 },
  'istitutoRicevente/denominazioneRicevente': { label: 'il nome del ricevente', max: 140, optional: true },
  numeroTotalePagamenti: { label: 'il numero dei pagamenti (numeroTotalePagamenti)', max: 18 },
  importoTotalePagamenti: { label: 'l’importo totale (importoTotalePagamenti)', max: 18 },
  [`${ROW}/identificativoUnivocoVersamento`]: { label: 'lo IUV (identificativoUnivocoVersamento)', max: 35 },
  [`${ROW}/identificativoUnivocoRiscossione`]: { label: 'lo IUR (identificativoUnivocoRiscossione)', max: 35 },
  [`${ROW}/indiceDatiSingoloPagamento`]: { label: 'l’indice (indiceDatiSingoloPagamento)', max: 1, optional: true },
  [`${ROW}/singoloImportoPagato`]: { label: 'l’importo (singoloImportoPagato)', max: 18 },
  [`${ROW}/codiceEsitoSingoloPagamento`]: { label: 'l’esito (codiceEsitoSingoloPagamento)', max: 4 },
  [`${ROW}/dataEsitoSingoloPagamento`]: { label: 'la data dell’esito (dataEsitoSingoloPagamento)', max: 40 },
}
const NESTED_BIC = 'istitutoMittente/codiceBicBancaDiRiversamento'
const GROUPS = new Set(Object.keys(FIELDS).flatMap((path) => parentsOf(path)))
const ROW_FIELDS = Object.entries(FIELDS).filter(([path]) => path.startsWith(`${ROW}/`))
const HEAD_FIELDS = Object.entries(FIELDS).filter(([path]) => !path.startsWith(`${ROW}/`))

interface Written {
  readonly text: string
  readonly place: XmlPlace
}

export interface FlowOptions {
  readonly signal?: AbortSignal
  /** Called every few thousand rows with the rows read so far. */
  readonly onRows?: (done: number) => void
}

/**
 * Reads a FlussoRiversamento 1.0 or 1.1 in a stream, prefixed or not, valid under any of the published XSDs
 * (pagopa.md §4.1). All problems are listed; a row that cannot be read whole is left out and is an error.
 */
export async function readReportingFlow(source: ByteSource, options: FlowOptions = {}): Promise<ReportingFlowReading> {
  const reader = new FlowReader(options.onRows)
  const broken = await readXml(source, reader, XML_LIMITS, options.signal)
  return reader.finish(broken)
}

class FlowReader {
  readonly problems: Problem[] = []
  readonly rows: ReportingFlowRow[] = []
  #head = new Map<string, Written>()
  #row = new Map<string, Written>()
  #rowCount = 0
  #badRows = 0
  #signed: Cents[] = []
  #keys = new Map<string, number>()
  #unknown = new Set<string>()
  #wrongRoot = false
  readonly #onRows: ((done: number) => void) | undefined

  constructor(onRows: ((done: number) => void) | undefined) {
    this.#onRows = onRows
  }

  open(name: string, _attributes: Readonly<Record<string, string>>, depth: number, place: XmlPlace): void {
    if (depth === 0 && name !== 'FlussoRiversamento') {
      this.#wrongRoot = true
      this.problems.push(problem('FLOW_ROOT', { root: name }, at(place)))
    }
  }

  close(name: string, text: string, depth: number, _leaf: boolean, place: XmlPlace): void {
    if (this.#wrongRoot || depth === 0) return
    const path = place.path.slice('FlussoRiversamento/'.length).replaceAll(/\[\d+\]/g, '')
    if (path === ROW) {
      this.#closeRow(place)
      return
    }
    const key = path === NESTED_BIC ? 'codiceBicBancaDiRiversamento' : path
    if (FIELDS[key] === undefined) {
      if (!GROUPS.has(path)) this.#note(name, path, place)
      return
    }
    const into = key.startsWith(`${ROW}/`) ? this.#row : this.#head
    if (into.has(key)) this.problems.push(problem('FLOW_FIELD_REPEATED', { field: FIELDS[key].label }, at(place)))
    else into.set(key, { text: text.trim(), place })
  }

  finish(broken: Problem | null): ReportingFlowReading {
    if (broken) this.problems.push(broken)
    const flow = this.#flow()
    if (!broken && !this.#wrongRoot) this.#check(flow)
    return { flow, problems: this.problems }
  }

  #note(name: string, path: string, place: XmlPlace): void {
    if (this.#unknown.has(path) || [...this.#unknown].some((u) => path.startsWith(`${u}/`))) return
    this.#unknown.add(path)
    this.problems.push(problem('FLOW_ELEMENT_UNKNOWN', { name }, { ...at(place), severity: 'warning' }))
  }

  #closeRow(place: XmlPlace): void {
    const before = this.problems.length
    const row = this.#row
    this.#row = new Map()
    this.#rowCount += 1
    for (const [path, field] of ROW_FIELDS) this.#required(row, path, field, place)
    const text = (leaf: string) => row.get(`${ROW}/${leaf}`)?.text ?? ''
    const outcome = text('codiceEsitoSingoloPagamento')
    const written = this.#amount(row, `${ROW}/singoloImportoPagato`)
    const outcomeDate = this.#date(row, `${ROW}/dataEsitoSingoloPagamento`)
    const index = text('indiceDatiSingoloPagamento')
    if (index !== '' && !/^[1-5]$/.test(index))
      this.#wrong(row, `${ROW}/indiceDatiSingoloPagamento`, 'un numero da 1 a 5')
    if (written !== null && (written === 0 || (written < 0 && outcome !== '3'))) {
      this.#wrong(row, `${ROW}/singoloImportoPagato`, 'un importo maggiore di zero')
    }
    if (this.problems.length > before || written === null || outcomeDate === null) {
      this.#badRows += 1
      return
    }
    const amountCents = written < 0 ? negate(written) : written
    const iuv = text('identificativoUnivocoVersamento')
    const iur = text('identificativoUnivocoRiscossione')
    if (!isFlowOutcome(outcome)) {
      this.problems.push(
        problem('FLOW_OUTCOME_UNKNOWN', { value: outcome, iuv }, { ...at(place), severity: 'warning' }),
      )
    }
    const key = `${iuv}|${iur}|${index}`
    const first = this.#keys.get(key)
    if (first !== undefined) {
      this.problems.push(problem('FLOW_ROW_DUPLICATE', { iuv, row: first }, { ...at(place), severity: 'warning' }))
    } else this.#keys.set(key, this.#rowCount)
    this.#signed.push(outcome === '3' ? negate(amountCents) : amountCents)
    this.rows.push({ iuv, iur, index: index === '' ? null : Number(index), amountCents, outcome, outcomeDate })
    if (this.rows.length % 5000 === 0) this.#onRows?.(this.rows.length)
  }

  #flow(): ReportingFlow {
    const text = (path: string) => this.#head.get(path)?.text || null
    const dateTime = text('dataOraFlusso')
    const type = text(`${SENDER}/tipoIdentificativoUnivoco`)
    const regulationDate = dayOf(text('dataRegolamento') ?? '')
    const count = text('numeroTotalePagamenti') ?? ''
    const total = parseDecimal(text('importoTotalePagamenti') ?? '')
    return {
      flowId: text('identificativoFlusso'),
      flowDateTime: dateTime,
      flowDateTimeUtc: dateTime === null ? null : instantOfDateTime(dateTime),
      regulationId: text('identificativoUnivocoRegolamento'),
      regulationDate,
      senderType: type === 'G' || type === 'A' || type === 'B' ? (type as FlowSenderType) : null,
      senderId: text(`${SENDER}/codiceIdentificativoUnivoco`),
      senderName: text('istitutoMittente/denominazioneMittente'),
      bic: text('codiceBicBancaDiRiversamento'),
      receiverFiscalCode: text(`${RECEIVER}/codiceIdentificativoUnivoco`),
      receiverName: text('istitutoRicevente/denominazioneRicevente'),
      declaredCount: countOf(count),
      declaredTotalCents: total.ok ? total.value : null,
      rows: this.rows,
    }
  }

  #check(flow: ReportingFlow): void {
    const root: ProblemPlace = { position: { path: 'FlussoRiversamento' } }
    for (const [path, field] of HEAD_FIELDS)
      this.#required(this.#head, path, field, { line: 1, path: 'FlussoRiversamento' })
    const version = this.#head.get('versioneOggetto')
    if (version && version.text !== '' && version.text !== '1.0' && version.text !== '1.1') {
      const place: ProblemPlace = { ...at(version.place), severity: 'warning' }
      this.problems.push(problem('FLOW_VERSION_UNKNOWN', { value: version.text }, place))
    }
    const id = this.#head.get('identificativoFlusso')
    if (flow.flowId !== null && id) {
      if (!/^[A-Za-z0-9_-]+$/.test(flow.flowId))
        this.#wrong(this.#head, 'identificativoFlusso', 'lettere, cifre, «-» e «_»')
      else if (!isIsoDate(flow.flowId.slice(0, 10)) || !/^[A-Za-z0-9_]+-./.test(flow.flowId.slice(10))) {
        const place: ProblemPlace = { ...at(id.place), severity: 'warning' }
        this.problems.push(problem('FLOW_ID_FORM', { value: flow.flowId }, place))
      }
    }
    const wrongWhen = (nothing: unknown, path: string, expected: string) => {
      if (nothing === null && this.#head.get(path)?.text) this.#wrong(this.#head, path, expected)
    }
    wrongWhen(flow.flowDateTimeUtc, 'dataOraFlusso', 'una data e ora come 2026-03-12T10:15:30')
    wrongWhen(flow.regulationDate, 'dataRegolamento', 'un giorno come 2026-03-12')
    wrongWhen(flow.senderType, `${SENDER}/tipoIdentificativoUnivoco`, 'G, A oppure B')
    wrongWhen(flow.declaredCount, 'numeroTotalePagamenti', 'un numero intero')
    wrongWhen(flow.declaredTotalCents, 'importoTotalePagamenti', 'un importo come 1234.56')
    if (this.#rowCount === 0) this.problems.push(problem('FLOW_EMPTY', {}, root))
    if (flow.declaredCount !== null && flow.declaredCount !== this.#rowCount) {
      const place = at(this.#head.get('numeroTotalePagamenti')?.place)
      this.problems.push(problem('FLOW_COUNT_DIFFERS', { declared: flow.declaredCount, found: this.#rowCount }, place))
    }
    const found = sum(this.#signed)
    if (
      flow.declaredTotalCents !== null &&
      this.#badRows === 0 &&
      this.#rowCount > 0 &&
      flow.declaredTotalCents !== found
    ) {
      const texts = { declared: formatCents(flow.declaredTotalCents), found: formatCents(found) }
      this.problems.push(problem('FLOW_TOTAL_DIFFERS', texts, at(this.#head.get('importoTotalePagamenti')?.place)))
    }
  }

  #required(
    from: ReadonlyMap<string, Written>,
    path: string,
    field: { readonly label: string; readonly max: number; readonly optional?: true },
    parent: XmlPlace,
  ): void {
    const written = from.get(path)
    if (written === undefined || written.text === '') {
      if (field.optional) return
      const place = at(written?.place ?? { line: parent.line, path: `${parent.path}/${leafPath(path)}` })
      this.problems.push(problem('FLOW_FIELD_MISSING', { field: field.label }, place))
    } else if (written.text.length > field.max) {
      const params = { field: capital(field.label), length: written.text.length, limit: field.max }
      this.problems.push(problem('FLOW_FIELD_TOO_LONG', params, at(written.place)))
    }
  }

  #amount(from: ReadonlyMap<string, Written>, path: string): Cents | null {
    const written = from.get(path)
    if (!written || written.text === '') return null
    const amount = parseDecimal(written.text)
    if (amount.ok) return amount.value
    this.#wrong(from, path, 'un importo come 1234.56')
    return null
  }

  #date(from: ReadonlyMap<string, Written>, path: string): IsoDate | null {
    const text = from.get(path)?.text
    if (!text) return null
    const day = dayOf(text)
    if (day === null) this.#wrong(from, path, 'un giorno come 2026-03-12')
    return day
  }

  #wrong(from: ReadonlyMap<string, Written>, path: string, expected: string): void {
    const written = from.get(path) as Written
    const params = { field: capital(FIELDS[path]?.label ?? path), value: written.text, expected }
    this.problems.push(problem('FLOW_FIELD_WRONG', params, { ...at(written.place), excerpt: written.text }))
  }
}

/** xsd:date, whose zone (allowed by the schema) does not move the written day; some PSPs write a dateTime. */
function dayOf(text: string): IsoDate | null {
  const match = /^(\d{4}-\d{2}-\d{2})(?:T[\d:.]+)?(?:Z|[+-]\d{2}:\d{2})?$/.exec(text)
  return match && isIsoDate(match[1]) ? match[1] : null
}

/** xsd:decimal without fraction: `3`, and the `3.0` of a few PSPs. */
function countOf(text: string): number | null {
  const match = /^(\d{1,15})(?:\.0+)?$/.exec(text)
  return match ? Number(match[1]) : null
}

function at(place: XmlPlace | undefined): ProblemPlace {
  return place ? { position: { line: place.line, path: place.path } } : {}
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function leafPath(path: string): string {
  return path.startsWith(`${ROW}/`) ? path.slice(ROW.length + 1) : path
}

function parentsOf(path: string): string[] {
  const parts = path.split('/')
  return parts.slice(0, -1).map((_, i) => parts.slice(0, i + 1).join('/'))
}
