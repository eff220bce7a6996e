import { formatDate } from '#domain/date'
import { formatCents } from '#domain/money'
import type { ReversaleDocument } from '#domain/reversale-paper'
import { PageFlow } from './page-flow.ts'
import { writePaper } from './paper.ts'
import {
  amountBand,
  annulledBox,
  type Field,
  fieldGrid,
  letterhead,
  ownPaperKit,
  paperTitle,
  partTitle,
  runningHead,
  SIGNATURES,
  signatures,
} from './paper-parts.ts'
import { Table } from './table.ts'

/** The order of collection as a document, as many pages as its lines need, signatures on the last. @throws ProblemError */
export function drawReversale(data: ReversaleDocument): Uint8Array {
  return writePaper(ownPaperKit(), layReversale(data), {
    title: `Reversale d’incasso ${data.exercise}/${data.number}`,
    author: data.institution.name,
    subject: data.causale,
  })
}

export function layReversale(data: ReversaleDocument): PageFlow['pages'] {
  const person = `reversale ${data.exercise}/${data.number}`
  const flow: PageFlow = new PageFlow({
    note: `${data.institution.name}, reversale ${data.exercise}/${data.number}`,
    head: (canvas, index) => {
      const right = canvas.width / canvas.unit - 18
      return index === 0
        ? letterhead(canvas, right, data.institution, `Esercizio ${data.exercise}`)
        : runningHead(canvas, right, data.institution, `Reversale d’incasso n. ${data.number}`)
    },
  })
  paperTitle(flow, `Reversale d’incasso n. ${data.number}`, `del ${formatDate(data.date)}`)
  if (data.annulled !== null) annulledBox(flow, 'ANNULLATA', data.annulled, person)
  fieldGrid(flow, fieldsOf(data), person)
  flow.y += 2
  amountBand(flow, 'Il Cassiere incassi la somma di', data.cents, person)
  flow.y += 7
  partTitle(flow, 'Somme da incassare', 24)
  const table = new Table(
    flow,
    [
      { title: 'Accertamento', width: 19, align: 'left' },
      { title: 'Debitore', width: 38, align: 'left' },
      { title: 'Causale', width: 44, align: 'left' },
      { title: 'IUV', width: 33, align: 'left', mono: true },
      { title: 'Importo', width: 20, align: 'right' },
    ],
    9,
    person,
    true,
  )
  const closing = table.totalsHeight + (data.signatures.length > 0 ? SIGNATURES : 0)
  data.lines.forEach((line, i) => {
    const cells = [line.accertamento, line.debtor, line.causale, line.iuv ?? '', formatCents(line.cents)]
    table.row(cells, i === data.lines.length - 1 ? closing : 0)
  })
  const count = data.lines.length
  table.totals(['Totale', count === 1 ? '1 riga' : `${count} righe`, '', '', formatCents(data.cents)])
  signatures(flow, data.signatures, person)
  flow.finish()
  return flow.pages
}

function fieldsOf(data: ReversaleDocument): Field[] {
  const residui = data.management === 'residui'
  const fields: Field[] = [
    { label: 'Capitolo', text: `${data.capitolo.code}  ${data.capitolo.name}`, span: 8, strong: true },
    { label: 'Gestione', text: residui ? `Residui ${data.originYear}` : `Competenza ${data.exercise}`, span: 4 },
    { label: 'Debitore', text: data.debtor === null ? 'Diversi, come da elenco' : data.debtor.name, span: 8 },
  ]
  if (data.debtor?.fiscalCode)
    fields.push({ label: 'Codice fiscale', text: data.debtor.fiscalCode, span: 4, mono: true })
  fields.push({ label: 'Causale', text: data.causale, span: 12 })
  fields.push({ label: 'Conto di incasso', text: data.account, span: 12 })
  if (data.credits.length > 0) fields.push({ label: 'A regolarizzazione di', text: data.credits.join('\n'), span: 12 })
  if (data.flowId !== null) fields.push({ label: 'Flusso di rendicontazione', text: data.flowId, span: 12, mono: true })
  return fields
}
