import type { Html } from './html.ts'
import { html, pageReply, seeOther } from './html.ts'
import type { Call, Lock, NodeDesk, Reply, Route } from './http.ts'
import { payDue } from './orders.ts'
import * as act from './page-acts.ts'
import { noticesView } from './page-notices.ts'
import { callsView, cartsView, faultsView, flowsView, receiptsView } from './page-views.ts'

/** What the last act came to, shown once; which form it was, and when. */
const said = new WeakMap<NodeDesk, act.Said>()
const sent = new WeakMap<NodeDesk, { readonly form: string; readonly ms: number }>()
/** The second of two quick clicks comes before the page that answers the first. */
const SECOND_CLICK_MS = 1000

const VIEWS: readonly {
  readonly name: string
  readonly title: string
  readonly count: (desk: NodeDesk) => number | null
  readonly show: (desk: NodeDesk, query: URLSearchParams) => Html
}[] = [
  { name: '', title: 'Avvisi', count: ({ store }) => store.count('position'), show: noticesView },
  { name: 'ricevute', title: 'Pagamenti e ricevute', count: ({ store }) => store.count('paid'), show: receiptsView },
  { name: 'flussi', title: 'Flussi e banca', count: ({ store }) => store.count('flow'), show: flowsView },
  { name: 'carrelli', title: 'Carrelli', count: ({ store }) => store.count('cart'), show: cartsView },
  { name: 'intoppi', title: 'Guasti', count: ({ faults }) => faults.rules().length, show: faultsView },
  { name: 'chiamate', title: 'Chiamate', count: () => null, show: callsView },
]

const RETURNS: Readonly<Record<string, act.Said>> = {
  ok: {
    words: 'Checkout dice che il pagamento è riuscito. La prova è la ricevuta: scaricala dal programma.',
    good: true,
  },
  annullato: { words: 'Il pagamento è stato lasciato: niente è stato pagato.', good: false },
  errore: { words: 'Il pagamento non è riuscito.', good: false },
}

const PAGE = '/prova/:token'
const own = { lock: 'page' as Lock, service: null, limit: 65_536 }

/** Where a person plays payers, providers and bank. Everything is done by forms: the page has no script. */
export const pageRoutes: readonly Route[] = [
  { ...own, method: 'GET', path: PAGE, operation: 'page', handle: (call) => seeOther(`${call.path}/`) },
  ...VIEWS.map(
    (view): Route => ({
      ...own,
      ...{ method: 'GET', path: `${PAGE}/${view.name}`, operation: 'page' },
      handle: (call, desk) => viewReply(view, call, desk),
    }),
  ),
  form('paga', '', act.payOne),
  form('paga-a-caso', '', act.payMany),
  form('spontaneo', 'ricevute', act.payUnexpected),
  form('giorni', 'flussi', act.passDays),
  form('rivedi', 'flussi', act.publishFlowAgain),
  form('guasto', 'intoppi', act.addFault),
  form('guasti-via', 'intoppi', act.clearFaults),
  download('ricevuta', act.receiptFile),
  download('flusso', act.flowFile),
  download('estratto-conto', act.statementFile),
]

function viewReply(view: (typeof VIEWS)[number], { query }: Call, desk: NodeDesk): Reply {
  payDue(desk.store, desk.now())
  const message = said.get(desk) ?? RETURNS[query.get('ritorno') ?? ''] ?? null
  said.delete(desk)
  const body = html`<header><h1>Nodo di prova</h1><p>Niente è vero: qui fai la parte di chi paga, dei prestatori di servizi e della banca.</p></header>
<nav aria-label="Sezioni">${VIEWS.map((each) => {
    const count = each.count(desk)
    return html`<a href="./${each.name}"${each === view && html` aria-current="page"`}>${each.title}${count !== null && count > 0 && html` <small>${count}</small>`}</a>`
  })}</nav>
${message !== null && html`<p class="said${message.good ? '' : ' bad'}" role="status">${message.words}</p>`}
${view.show(desk, query)}`
  return pageReply(`${view.title} · Nodo di prova`, body)
}

/** Does what a form asks and shows the list again; who wants JSON is told what it came to. */
function form(name: string, back: string, work: (fields: URLSearchParams, desk: NodeDesk) => act.Said): Route {
  return {
    ...own,
    ...{ method: 'POST', path: `${PAGE}/${name}`, operation: name },
    handle(call, desk) {
      const fields = new URLSearchParams(call.body.toString('utf8'))
      // For payers that are programs: rehearsals and tests.
      if (call.headers.accept === 'application/json') {
        const message = work(fields, desk)
        return { status: message.good ? 200 : 409, json: message }
      }
      const before = sent.get(desk)
      const now = { form: `${name} ${fields}`, ms: performance.now() }
      const again = before?.form === now.form && now.ms - before.ms < SECOND_CLICK_MS && said.has(desk)
      sent.set(desk, now)
      if (!again) said.set(desk, work(fields, desk))
      // Back to the search from which it came.
      const search = new URLSearchParams({ cerca: fields.get('cerca') ?? '', pagina: fields.get('pagina') ?? '' })
      return seeOther(`/prova/${desk.pageToken}/${back}${fields.has('cerca') ? `?${search}` : ''}`)
    },
  }
}

function download(name: string, make: (query: URLSearchParams, desk: NodeDesk) => act.Download | null): Route {
  return {
    ...own,
    ...{ method: 'GET', path: `${PAGE}/${name}`, operation: name },
    handle(call, desk) {
      const file = make(call.query, desk)
      if (file === null) return { status: 404, type: 'text/plain; charset=utf-8', body: 'Non c’è.' }
      return {
        status: 200,
        type: file.type,
        headers: {
          'Content-Disposition': `attachment; filename="${file.name}"`,
          'X-Content-Type-Options': 'nosniff',
        },
        body: file.bytes,
      }
    },
  }
}
