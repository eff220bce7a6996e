import { formatDate } from '#domain/date'
import { formatCents } from '#domain/money'
import { groupNoticeNumber } from '#domain/notice-number'
import type { QuietanzaData } from '#domain/quietanza-paper'
import { REGULAR } from './font.ts'
import { PageFlow, pt } from './page-flow.ts'
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
} from './paper-parts.ts'
import { drawLines, requireFit } from './paper-text.ts'
import { Table } from './table.ts'

/** The payer's receipt, one A4 page (more only with very many lines). @throws ProblemError */
export function drawQuietanza(data: QuietanzaData): Uint8Array {
  const pages = layQuietanza(data)
  return writePaper(ownPaperKit(), pages, {
    title: `Quietanza ${data.number}`,
    author: data.institution.name,
    subject: `Quietanza di pagamento di ${data.payer.name}`,
  })
}

export function layQuietanza(data: QuietanzaData): PageFlow['pages'] {
  const { payer } = data
  const person = payer.name
  const flow: PageFlow = new PageFlow({
    note: `${data.institution.name}, quietanza ${data.number}`,
    head: (canvas, index) => {
      const right = canvas.width / canvas.unit - 18
      return index === 0
        ? letterhead(canvas, right, data.institution, 'Ricevuta per chi ha pagato')
        : runningHead(canvas, right, data.institution, `Quietanza ${data.number}`)
    },
  })
  paperTitle(flow, `Quietanza n. ${data.number}`, `del ${formatDate(data.date)}`)
  if (data.annulled !== null) annulledBox(flow, 'ANNULLATA', data.annulled, person)

  const who: Field[] = [{ label: 'Ricevuto da', text: payer.name, span: 8, strong: true }]
  if (payer.fiscalCode !== null) who.push({ label: 'Codice fiscale', text: payer.fiscalCode, span: 4, mono: true })
  if (payer.addressLines.length > 0) who.push({ label: 'Indirizzo', text: payer.addressLines.join('\n'), span: 12 })
  fieldGrid(flow, who, person)
  flow.y += 2
  amountBand(flow, 'La somma di', data.cents, person)
  flow.y += 7

  partTitle(flow, 'Che cosa è stato pagato', 24)
  const table = new Table(
    flow,
    [
      { title: 'A titolo di', width: 50, align: 'left' },
      { title: 'Accertamento', width: 15, align: 'left' },
      { title: 'Capitolo', width: 27, align: 'left' },
      { title: 'Importo', width: 16, align: 'right' },
    ],
    9.5,
    person,
    true,
  )
  data.lines.forEach((line, i) => {
    const cells = [line.causale, line.accertamento ?? '', line.capitolo, formatCents(line.cents)]
    table.row(cells, i === data.lines.length - 1 ? table.totalsHeight : 0)
  })
  table.totals(['Totale', '', '', formatCents(data.cents)])
  flow.y += 8

  partTitle(flow, 'Come è stato pagato', 12)
  fieldGrid(flow, howPaid(data), person)
  const law = requireFit(
    REGULAR,
    `La somma è stata riscossa da ${data.institution.name} e registrata nelle scritture dell’esercizio ${data.reversale.exercise} con la reversale d’incasso n. ${data.reversale.number} del ${formatDate(data.reversale.date)}.`,
    { width: flow.width, height: 16, size: pt(9), minSize: pt(7), leading: 1.35 },
    { person, field: 'Ente' },
  )
  flow.need(18)
  flow.canvas.begin('P')
  drawLines(flow.canvas, flow.left, flow.y + 6, REGULAR, law)
  flow.canvas.end()
  flow.finish()
  return flow.pages
}

/** Only what the evidence tells: an absent datum leaves no empty label. */
function howPaid(data: QuietanzaData): Field[] {
  const fields: Field[] = []
  const add = (label: string, text: string | null, span: number, mono = false): void => {
    if (text !== null && text !== '') fields.push({ label, text, span, mono })
  }
  const { paidBy, installment } = data
  add('Pagato da', paidBy === null ? null : paidBy.name, 8)
  add('Codice fiscale di chi ha pagato', paidBy?.fiscalCode ?? null, 4, true)
  add('Pagato il', data.paidOn === null ? null : formatDate(data.paidOn), 3)
  add('Tramite', data.psp, 6)
  add('Accreditato il', data.creditedOn === null ? null : formatDate(data.creditedOn), 3)
  add('Rata', installment === null ? null : `${installment.ordinal} di ${installment.count}`, 12)
  add('Codice avviso', data.noticeNumber === null ? null : groupNoticeNumber(data.noticeNumber), 6, true)
  add('Identificativo di versamento (IUV)', data.iuv, 6, true)
  add('Identificativo di riscossione (IUR)', data.iur, 6, true)
  add('Flusso di rendicontazione', data.flowId, 6, true)
  const { reversale } = data
  add(
    'Reversale d’incasso',
    `n. ${reversale.number} del ${formatDate(reversale.date)}, esercizio ${reversale.exercise}`,
    12,
  )
  return fields
}
