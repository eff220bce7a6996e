import { formatDate } from '#domain/date'
import { formatCents } from '#domain/money'
import type { TransmissionListDocument } from '#domain/transmission-list-paper'
import { REGULAR } from './font.ts'
import { PageFlow, pt } from './page-flow.ts'
import { writePaper } from './paper.ts'
import {
  amountBand,
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

/** The list handed to the treasurer with its reversali, signatures and receipt on the last page. @throws ProblemError */
export function drawTransmissionList(data: TransmissionListDocument): Uint8Array {
  return writePaper(ownPaperKit(), layTransmissionList(data), {
    title: `Distinta di trasmissione ${data.exercise}/${data.number}`,
    author: data.institution.name,
    subject: `${countOf(data)} d’incasso per ${formatCents(data.cents)} euro`,
  })
}

export function layTransmissionList(data: TransmissionListDocument): PageFlow['pages'] {
  const person = `distinta ${data.exercise}/${data.number}`
  const flow: PageFlow = new PageFlow({
    note: `${data.institution.name}, distinta ${data.exercise}/${data.number}`,
    head: (canvas, index) => {
      const right = canvas.width / canvas.unit - 18
      return index === 0
        ? letterhead(canvas, right, data.institution, `Esercizio ${data.exercise}`)
        : runningHead(canvas, right, data.institution, `Distinta di trasmissione n. ${data.number}`)
    },
  })
  paperTitle(flow, `Distinta di trasmissione n. ${data.number}`, `del ${formatDate(data.date)}`)
  fieldGrid(
    flow,
    [
      { label: 'Al cassiere, per il conto', text: data.account, span: 8, strong: true },
      { label: 'Si trasmettono', text: `${countOf(data)} d’incasso`, span: 4 },
    ],
    person,
  )
  flow.y += 2
  amountBand(flow, 'Per la somma complessiva di', data.cents, person)
  flow.y += 7
  partTitle(flow, 'Reversali trasmesse', 24)
  const table = new Table(
    flow,
    [
      { title: 'N.', width: 9, align: 'right' },
      { title: 'Data', width: 17, align: 'left' },
      { title: 'Debitore', width: 31, align: 'left' },
      { title: 'Causale', width: 92, align: 'left' },
      { title: 'Importo', width: 20, align: 'right' },
    ],
    8.5,
    person,
    true,
  )
  const closing = table.totalsHeight + RECEIPT + (data.signatures.length > 0 ? SIGNATURES : 0)
  data.reversali.forEach((line, i) => {
    const cells = [String(line.number), formatDate(line.date), line.debtor, line.causale, formatCents(line.cents)]
    table.row(cells, i === data.reversali.length - 1 ? closing : 0)
  })
  table.totals(['', 'Totale', countOf(data), '', formatCents(data.cents)])
  signatures(flow, data.signatures, person)
  receipt(flow)
  flow.finish()
  return flow.pages
}

function countOf(data: TransmissionListDocument): string {
  const count = data.reversali.length
  return count === 1 ? '1 reversale' : `${count} reversali`
}

/** Height of the treasurer's receipt. */
const RECEIPT = 29

/** Where who receives the list says so: by hand, so only labels and lines. */
function receipt(flow: PageFlow): void {
  flow.need(RECEIPT)
  flow.y += 5
  partTitle(flow, 'Ricevuta del cassiere', 0)
  flow.y += 10
  const { canvas } = flow
  let x = flow.left
  for (const [label, share] of [
    ['Ricevuta il', 0.25],
    ['Timbro', 0.35],
    ['Firma per ricevuta', 0.4],
  ] as const) {
    const width = flow.width * share - 4
    canvas.line(x, flow.y, x + width, flow.y, 0.2)
    canvas.begin('P')
    canvas.fill(0.4)
    canvas.text(x, flow.y + 4, REGULAR, pt(8), label)
    canvas.fill(0)
    canvas.end()
    x += flow.width * share
  }
  flow.y += 6
}
