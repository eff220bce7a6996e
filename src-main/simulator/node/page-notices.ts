import { formatDate, type Instant, romeDate } from '#domain/date'
import { cents, formatCents } from '#domain/money'
import { groupNoticeNumber, type NoticeNumber } from '#domain/notice-number'
import { PROVIDERS } from '../providers.ts'
import { type Html, html } from './html.ts'
import type { NodeDesk } from './http.ts'
import { REREAD_DAYS } from './page-acts.ts'
import { refusalOf } from './pay.ts'
import type { NodePayment, NodePosition, PaymentStatus, PositionStatus } from './records.ts'
import { positionAt } from './states.ts'

/** One line of the list: a notice and the position that it pays. */
interface NoticeLine {
  readonly position: NodePosition
  readonly payment: NodePayment
  readonly debtor: string
  readonly part: string
}

const PAGE = 50

const POSITION_WORDS: Readonly<Record<PositionStatus, string>> = {
  DRAFT: 'Bozza',
  PUBLISHED: 'Pubblicata',
  VALID: 'Da pagare',
  INVALID: 'Annullata',
  EXPIRED: 'Scaduta',
  PARTIALLY_PAID: 'Pagata in parte',
  PAID: 'Pagata',
  REPORTED: 'Rendicontata',
}
const PAYMENT_WORDS: Readonly<Record<PaymentStatus, string | null>> = {
  PO_UNPAID: null,
  PO_PAID: 'Pagata',
  PO_PARTIALLY_REPORTED: 'Rendicontata in parte',
  PO_REPORTED: 'Rendicontata',
}

/** List of notices with search, and beside it the chosen one. */
export function noticesView(desk: NodeDesk, query: URLSearchParams): Html {
  const words = (query.get('cerca') ?? '').trim()
  const all = linesOf(desk, words)
  const page = Math.max(0, Math.min(Number(query.get('pagina') ?? 0) || 0, Math.ceil(all.length / PAGE) - 1))
  const shown = all.slice(page * PAGE, (page + 1) * PAGE)
  const chosenNumber = query.get('avviso')
  const chosen = all.find((line) => line.payment.nav === chosenNumber)
  const link = (more: Record<string, string>) =>
    `?${new URLSearchParams({ ...(words ? { cerca: words } : {}), ...more })}`
  return html`<main>
<section>
<form class="line" method="get" role="search"><label>Cerca un numero avviso o un nome<input type="search" name="cerca" value="${words}" size="38" autofocus></label><button>Cerca</button>
${words !== '' && html`<a class="button" href="?">Tutti</a>`}</form>
${
  shown.length === 0
    ? html`<p class="empty">${words === '' ? 'Qui arrivano gli avvisi che pubblichi dal programma: per ora non ce ne sono.' : 'Nessun avviso con queste parole.'}</p>`
    : html`<table><thead><tr><th>Numero avviso</th><th>Debitore</th><th>Oggetto</th><th>Entro il</th><th class="num">Euro</th><th>Stato</th><th>Azioni</th></tr></thead><tbody>
${shown.map((line) => noticeRow(line, link({ pagina: String(page), avviso: line.payment.nav }), line === chosen, { words, page }))}</tbody></table>
<div class="pages"><span>${all.length} avvisi</span>${page > 0 && html`<a class="button" href="${link({ pagina: String(page - 1) })}">← Prima</a>`}${
        (page + 1) * PAGE < all.length &&
        html`<a class="button" href="${link({ pagina: String(page + 1) })}">Dopo →</a>`
      }</div>`
}
</section>
<aside>${chosen ? html`<div>${chosenView(chosen)}</div>` : html`<div>${severalView()}</div><div>${spontaneousView()}</div>`}</aside>
</main>`
}

function linesOf(desk: NodeDesk, words: string): NoticeLine[] {
  const wanted = words.toLowerCase()
  const digits = wanted.replace(/\s/g, '')
  const lines: NoticeLine[] = []
  const now = desk.now()
  for (const stored of desk.store.all('position')) {
    for (const option of stored.options) {
      for (const [n, payment] of option.payments.entries()) {
        const debtor = option.debtor.fullName
        if (words !== '' && !payment.nav.includes(digits) && !debtor.toLowerCase().includes(wanted)) continue
        const part = option.plan ? `rata ${n + 1} di ${option.payments.length}` : ''
        lines.push({ position: positionAt(stored, now), payment, debtor, part })
      }
    }
  }
  return lines
}

function noticeRow(
  line: NoticeLine,
  href: string,
  chosen: boolean,
  from: { readonly words: string; readonly page: number },
): Html {
  const { position, payment, debtor, part } = line
  const open = refusalOf(position, payment) === null
  return html`<tr${chosen && html` class="chosen"`}><td class="keep"><a href="${href}"><code>${grouped(payment.nav)}</code></a></td><td class="cut" title="${debtor}">${debtor}</td><td class="cut" title="${payment.description}">${payment.description}${part !== '' && html` <span class="soft">· ${part}</span>`}</td><td class="keep">${formatDate(romeDate(payment.dueDate as Instant))}</td><td class="num">${euro(payment.amount)}</td><td class="keep">${stateWord(line)}</td><td class="acts">${
    open &&
    html`<form method="post" action="paga"><input type="hidden" name="avviso" value="${payment.nav}"><input type="hidden" name="ente" value="${position.organizationFiscalCode}"><input type="hidden" name="cerca" value="${from.words}"><input type="hidden" name="pagina" value="${from.page}"><button aria-label="Paga ${payment.nav}">Paga</button></form> `
  }<a class="button" href="${href}" aria-label="Altro… per ${payment.nav}">Altro…</a></td></tr>`
}

function stateWord({ position, payment }: NoticeLine): Html {
  const own = PAYMENT_WORDS[payment.status]
  const word =
    own ??
    (refusalOf(position, payment) === 'PAA_PAGAMENTO_DUPLICATO' ? 'Pagata altrimenti' : POSITION_WORDS[position.status])
  const tone = own !== null ? 'good' : position.status === 'VALID' ? 'wait' : 'soft'
  return html`<span class="${tone}">${word}</span>`
}

function chosenView(line: NoticeLine): Html {
  const { position, payment, debtor, part } = line
  const open = refusalOf(position, payment) === null
  return html`<h2>${debtor}</h2>
<p><code>${grouped(payment.nav)}</code><br>${payment.description}${part !== '' && html` · ${part}`}<br><strong>${euro(payment.amount)} €</strong> · ${stateWord(line)}</p>
<form class="stack" method="post" action="paga">
<input type="hidden" name="avviso" value="${payment.nav}"><input type="hidden" name="ente" value="${position.organizationFiscalCode}">
${providerChoice()}
<fieldset><legend>Quando</legend>
<label class="inline"><input type="radio" name="quando" value="adesso" checked> adesso</label>
<label class="inline"><input type="radio" name="quando" value="domani"> domani</label>
<label class="inline"><input type="radio" name="quando" value="giorno"> <span>il giorno</span> <input type="date" name="giorno" aria-label="Giorno del pagamento"></label></fieldset>
<fieldset><legend>Come</legend>
<label class="inline"><input type="radio" name="come" value="regolare"${open && html` checked`}> come si deve</label>
<label class="inline"><input type="radio" name="come" value="due"> due volte</label>
<label class="inline"><input type="radio" name="come" value="comunque"${!open && html` checked`}> anche se scaduto, annullato o già pagato</label>
<label class="inline"><input type="radio" name="come" value="altro"> <span>un altro importo</span> <input type="text" name="importo" inputmode="decimal" size="9" aria-label="Importo pagato" placeholder="${euro(Math.floor(payment.amount / 2))}"></label>
<label class="inline"><input type="radio" name="come" value="fallito"> cominciato e non riuscito</label></fieldset>
<button class="main">Paga</button></form>
<p><a href="?">Torna all’elenco</a></p>`
}

function severalView(): Html {
  return html`<h2>Tanti pagano</h2>
<form class="stack" method="post" action="paga-a-caso">
<label>Quanti di quelli che possono (per cento)<input type="number" name="quota" value="70" min="1" max="100"></label>
<label>In quanti giorni, fino a oggi<input type="number" name="giorni" value="1" min="1" max="${REREAD_DAYS}"></label>
<button class="main">Paga a caso</button></form>`
}

function spontaneousView(): Html {
  return html`<h2>Un pagamento che non aspetti</h2>
<form class="stack" method="post" action="spontaneo">
<fieldset><legend>Numero avviso</legend>
<label class="inline"><input type="radio" name="tipo" value="nostro" checked> nostro, nato su un altro portale</label>
<label class="inline"><input type="radio" name="tipo" value="altrui"> di un altro programma dell’ente</label></fieldset>
<label>Oggetto<input type="text" name="oggetto" value="Diritti di segreteria" maxlength="140"></label>
<label>Codice tassonomia<input type="text" name="tassonomia" value="9/0401104TS/"></label>
<label>Euro<input type="text" name="importo" value="10,00" inputmode="decimal"></label>
${providerChoice()}
<button>Paga</button></form>`
}

export function providerChoice(): Html {
  return html`<label>Presso<select name="psp">${PROVIDERS.map((each) => html`<option value="${each.code}">${each.name}</option>`)}</select></label>`
}

export function grouped(noticeNumber: string): string {
  return groupNoticeNumber(noticeNumber as NoticeNumber)
}

export function euro(amount: number): string {
  return formatCents(cents(amount))
}
