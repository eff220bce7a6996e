import { formatDate, type Instant, type IsoDate, romeDateTime } from '#domain/date'
import { CART_PATH } from './checkout.ts'
import type { FaultKind } from './faults.ts'
import { type Html, html } from './html.ts'
import type { NodeDesk } from './http.ts'
import { IO_PATH } from './io.ts'
import { euro, grouped } from './page-notices.ts'
import { providerOf } from './provider-of.ts'
import { receiptOf } from './receipts.ts'
import { flowKey, latestFlows } from './settle.ts'

const MOST = 200

export const FAULT_WORDS: Readonly<Record<FaultKind, string>> = {
  serverError: 'errore del nodo, niente è fatto',
  serverErrorAfter: 'errore del nodo, ma è fatto',
  tooMany: 'troppe richieste (429)',
  silent: 'non risponde, niente è fatto',
  silentAfter: 'non risponde, ma è fatto',
  hangUp: 'la linea cade, niente è fatto',
  hangUpAfter: 'la linea cade, ma è fatto',
  truncated: 'risposta tagliata a metà',
  twice: 'fatto due volte',
  slow: 'risponde dopo un secondo',
}
export const SERVICE_WORDS = {
  gpd: 'posizioni',
  massive: 'carico massivo',
  receipts: 'ricevute',
  fdr: 'flussi',
  checkout: 'Checkout',
  backoffice: 'Back office',
  io: 'App IO',
} as const

/** All that was paid, newest first: with receipt or without. */
export function receiptsView({ store }: NodeDesk): Html {
  const all = [...store.all('paid')].sort((a, b) => (a.at < b.at ? 1 : -1))
  if (all.length === 0) return empty('Nessuno ha ancora pagato.')
  return one(html`<table><thead><tr><th>Pagato</th><th>Numero avviso</th><th>Debitore</th><th>Presso</th><th class="num">Euro</th><th>Ricevuta</th></tr></thead><tbody>
${all
  .slice(0, MOST)
  .map(
    (paid) =>
      html`<tr><td class="keep">${time(paid.at)}</td><td class="keep"><code>${grouped(paid.noticeNumber)}</code></td><td class="cut">${paid.debtor.name}</td><td class="keep">${providerOf(paid.psp).name}</td><td class="num">${euro(paid.cents)}</td><td class="keep">${
        !paid.ok && html`<span class="bad">non riuscito</span> `
      }${
        receiptOf(store, paid.creditor, paid.iuv) === paid
          ? html`<a class="button" href="ricevuta?${String(new URLSearchParams({ ente: paid.creditor, iuv: paid.iuv }))}" download>XML</a>`
          : html`<span class="soft">senza ricevuta</span>`
      }</td></tr>`,
  )}</tbody></table>${shownOf(all.length)}`)
}

export function flowsView({ store }: NodeDesk): Html {
  const all = latestFlows(store).reverse()
  const waiting = waitingOf(store)
  const accounts = [...store.all('iban')]
  return html`<main><section>${
    all.length === 0
      ? html`<p class="empty">I flussi arrivano uno o due giorni dopo i pagamenti. ${waiting > 0 ? `${waiting} pagamenti aspettano il loro.` : 'Per ora nessuno ha pagato.'}</p>`
      : html`<table><thead><tr><th>Flusso</th><th>Accreditato</th><th class="num">Pagamenti</th><th class="num">Euro</th><th class="num">Revisione</th><th>Azioni</th></tr></thead><tbody>
${all.slice(0, MOST).map((flow) => {
  const key = flowKey(flow)
  const total = flow.rows.reduce((sum, row) => sum + row.cents, 0)
  return html`<tr><td class="keep"><code>${flow.flowId}</code></td><td class="keep">${formatDate(flow.regulationDate)}</td><td class="num">${flow.rows.length}</td><td class="num">${euro(total)}</td><td class="num">${flow.revision}</td><td class="keep"><a class="button" href="flusso?${String(new URLSearchParams({ chiave: key }))}" download>XML</a> <form method="post" action="rivedi"><input type="hidden" name="chiave" value="${key}"><button aria-label="Di nuovo ${flow.flowId}">Di nuovo</button> <button name="corto" value="si" aria-label="Con una riga in meno ${flow.flowId}">Con una riga in meno</button></form></td></tr>`
})}</tbody></table>${shownOf(all.length)}`
  }</section>
<aside><div><h2>Fai passare i giorni</h2><p>${waiting === 0 ? 'Nessun pagamento aspetta il suo flusso.' : `${waiting} pagamenti aspettano il loro flusso.`} ${store.count('order') > 0 && html`<br>${store.count('order')} pagamenti promessi per i prossimi giorni.`}</p>
<form class="stack" method="post" action="giorni"><button class="main">Produci subito flussi e accrediti</button></form></div>
<div><h2>Estratto conto</h2>${
    accounts.length === 0
      ? html`<p class="soft">Il nodo non conosce ancora conti dell’ente.</p>`
      : html`<form class="stack" method="get" action="estratto-conto">
<label>Conto<select name="iban">${accounts.map((account) => html`<option value="${account.iban}">${account.description} · ${account.iban}</option>`)}</select></label>
<label>Come scrive la banca<select name="abitudini"><option value="usual">come le banche di sempre</option><option value="clean">pulito</option><option value="awkward">con qualche guaio</option></select></label>
<label>Forma<select name="forma"><option value="bancoPosta">CSV come BancoPosta</option><option value="intesa">CSV come Intesa</option><option value="camt">camt.053</option></select></label>
<button>Scarica l’estratto conto</button></form>`
  }</div></aside></main>`
}

export function cartsView({ store }: NodeDesk): Html {
  const all = [...store.all('cart')].reverse()
  if (all.length === 0) return empty('Qui stanno i carrelli chiesti con «Paga ora…». Non ce ne sono.')
  const words = { open: 'Da pagare', paid: 'Pagato', cancelled: 'Lasciato' }
  return one(html`<table><thead><tr><th>Chiesto</th><th class="num">Avvisi</th><th class="num">Euro</th><th>Stato</th><th>Azioni</th></tr></thead><tbody>
${all
  .slice(0, MOST)
  .map(
    (cart) =>
      html`<tr><td class="keep">${time(cart.at)}</td><td class="num">${cart.notices.length}</td><td class="num">${euro(cart.notices.reduce((sum, notice) => sum + notice.cents, 0))}</td><td class="keep">${words[cart.state]}</td><td class="keep"><a class="button" href="${CART_PATH}/${cart.id}">Apri</a></td></tr>`,
  )}</tbody></table>${shownOf(all.length)}`)
}

export function faultsView({ faults }: NodeDesk): Html {
  const rules = faults.rules()
  return html`<main><section><h2>Guasti in corso</h2>${
    rules.length === 0
      ? html`<p class="empty">Il nodo risponde come si deve.</p>`
      : html`<table><thead><tr><th>Che cosa succede</th><th>Dove</th><th class="num">Chiamate</th></tr></thead><tbody>${rules.map(
          (rule) =>
            html`<tr><td>${FAULT_WORDS[rule.kind]}</td><td>${rule.service === undefined ? 'ovunque' : SERVICE_WORDS[rule.service]}</td><td class="num">${Math.round(rule.share * 100)} %${rule.times !== undefined && html`, ancora ${rule.times}`}</td></tr>`,
        )}</tbody></table><form class="line" method="post" action="guasti-via"><button>Togli tutti</button></form>`
  }</section><aside><div><h2>Aggiungi un guasto</h2><form class="stack" method="post" action="guasto">
<label>Che cosa succede<select name="genere">${Object.entries(FAULT_WORDS).map(([kind, word]) => html`<option value="${kind}">${word}</option>`)}</select></label>
<label>Dove<select name="servizio"><option value="">ovunque</option>${Object.entries(SERVICE_WORDS).map(([name, word]) => html`<option value="${name}">${word}</option>`)}</select></label>
<label>A quante chiamate (per cento)<input type="number" name="quota" value="5" min="1" max="100"></label>
<button class="main">Aggiungi</button></form></div></aside></main>`
}

export function callsView(desk: NodeDesk): Html {
  const all = desk.lastCalls().filter((call) => !call.path.startsWith('/prova'))
  const address = html`<p class="soft">Indirizzo per le impostazioni di App IO: <code>${desk.origin}${IO_PATH}</code></p>`
  if (all.length === 0) return one(html`<p class="empty">Il programma non ha ancora chiamato.</p>${address}`)
  return one(html`${address}<table><thead><tr><th>Quando</th><th>Chiamata</th><th class="num">Risposta</th><th>Guasto</th></tr></thead><tbody>
${all.map((call) => html`<tr><td class="keep">${time(call.at)}</td><td><code>${call.method} ${call.path}</code></td><td class="num"><span class="${call.status !== null && call.status < 400 ? 'good' : 'bad'}">${call.status ?? 'nessuna'}</span></td><td>${call.fault === null ? '' : (FAULT_WORDS[call.fault as FaultKind] ?? call.fault)}</td></tr>`)}</tbody></table>`)
}

/** Payments with money of ours in no flow yet. */
function waitingOf(store: NodeDesk['store']): number {
  const flowed = new Set<string>()
  for (const flow of store.all('flow')) for (const row of flow.rows) flowed.add(row.iur)
  let waiting = 0
  for (const paid of store.all('paid')) if (paid.ok && !flowed.has(paid.iur)) waiting += 1
  return waiting
}

function one(content: Html): Html {
  return html`<main class="one"><section>${content}</section></main>`
}

function empty(words: string): Html {
  return one(html`<p class="empty">${words}</p>`)
}

function shownOf(count: number): Html | null {
  return count > MOST ? html`<p class="soft">Gli ultimi ${MOST} di ${count}.</p>` : null
}

function time(at: Instant): string {
  const [day = '', clock = ''] = romeDateTime(at).split(' ')
  return `${formatDate(day as IsoDate)} ${clock.slice(0, 5)}`
}
