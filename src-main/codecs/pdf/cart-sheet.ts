import { encode } from 'uqr'
import { type Cents, formatCents } from '#domain/money'
import { groupNoticeNumber } from '#domain/notice-number'
import type { PaperInstitution } from '#domain/quietanza-paper'
import { MONO, REGULAR, SEMIBOLD } from './font.ts'
import { PageFlow, pt } from './page-flow.ts'
import { writePaper } from './paper.ts'
import { amountBand, letterhead, ownPaperKit, paperTitle, partTitle, runningHead } from './paper-parts.ts'
import { drawLines, requireFit } from './paper-text.ts'
import { Table } from './table.ts'

export interface CartSheetData {
  readonly institution: PaperInstitution
  readonly url: string
  /** Not the real platform: nobody pays with it. */
  readonly rehearsal: boolean
  /** «12/03/2026 alle 10:15» */
  readonly opensUntil: string
  readonly rows: readonly {
    readonly personName: string
    readonly noticeNumber: string
    readonly description: string
    readonly cents: Cents
  }[]
  readonly cents: Cents
}

const SIDE = 62

/** A sheet to hand over the counter: what is paid, the link of Checkout, its QR code. @throws ProblemError */
export function drawCartSheet(data: CartSheetData): Uint8Array {
  const person = data.rows[0]?.personName ?? ''
  const flow: PageFlow = new PageFlow({
    note: `${data.institution.name}, link di pagamento`,
    head: (canvas, index) => {
      const right = canvas.width / canvas.unit - 18
      return index === 0
        ? letterhead(canvas, right, data.institution, 'Per chi paga')
        : runningHead(canvas, right, data.institution, 'Link di pagamento')
    },
  })
  paperTitle(flow, 'Paga ora con pagoPA', data.rehearsal ? 'Foglio di prova: non si paga davvero' : '')
  amountBand(flow, 'Da pagare', data.cents, person)
  flow.y += 7
  partTitle(flow, 'Che cosa si paga', 24)
  const table = new Table(
    flow,
    [
      { title: 'Debitore', width: 40, align: 'left' },
      { title: 'Causale', width: 52, align: 'left' },
      { title: 'Codice avviso', width: 46, align: 'left' },
      { title: 'Importo €', width: 18, align: 'right' },
    ],
    9.5,
    person,
    true,
  )
  data.rows.forEach((row, i) => {
    const cells = [
      row.personName,
      row.description,
      groupNoticeNumber(row.noticeNumber as never),
      formatCents(row.cents),
    ]
    table.row(cells, i === data.rows.length - 1 ? table.totalsHeight : 0)
  })
  table.totals(['Totale', '', '', formatCents(data.cents)])
  flow.y += 8

  partTitle(flow, 'Come si paga', SIDE + 20)
  const { canvas, left } = flow
  const top = flow.y + 2
  const { data: modules, size } = encode(data.url, { ecc: 'M', border: 0 })
  canvas.begin('Figure', { alt: `Codice QR con il link di pagamento: ${data.url}` })
  canvas.modules(
    Uint8Array.from(modules.flat(), (dark) => (dark ? 1 : 0)),
    size,
    left + 2,
    top + 2,
    SIDE,
  )
  canvas.end()
  const column = left + SIDE + 14
  const width = flow.width - SIDE - 14
  const how = requireFit(
    REGULAR,
    'Inquadra il codice con il telefono, oppure scrivi il link nel browser: si apre Checkout, la pagina di pagoPA dove scegliere carta, conto o app. Il costo del servizio lo dice la pagina prima di pagare.',
    { width, height: 40, size: pt(10.5), minSize: pt(8), leading: 1.35 },
    { person, field: 'Istruzioni' },
  )
  canvas.begin('P')
  let y = drawLines(canvas, column, top + 5, REGULAR, how)
  canvas.end()
  const limit = requireFit(
    SEMIBOLD,
    `Il link si apre fino al ${data.opensUntil}. Dopo, chiedine un altro o paga con l’avviso.`,
    { width, height: 16, size: pt(10.5), minSize: pt(8), leading: 1.35 },
    { person, field: 'Validità' },
  )
  canvas.begin('P')
  y = drawLines(canvas, column, y + 9, SEMIBOLD, limit)
  canvas.end()
  const link = requireFit(
    MONO,
    data.url,
    { width, height: 22, size: pt(9.5), minSize: pt(6), leading: 1.35 },
    { person, field: 'Link' },
  )
  canvas.begin('P')
  drawLines(canvas, column, y + 9, MONO, link)
  canvas.end()
  flow.y = top + SIDE + 8
  flow.finish()
  return writePaper(ownPaperKit(), flow.pages, {
    title: 'Paga ora con pagoPA',
    author: data.institution.name,
    subject: `Link di pagamento di ${formatCents(data.cents)} €`,
  })
}
