import { openUntil } from '#domain/cart'
import { PROVIDERS } from '../providers.ts'
import { CART_PATH } from './checkout.ts'
import { type Html, html, pageReply, seeOther } from './html.ts'
import { type Call, type NodeDesk, Refused, type Reply, type Route } from './http.ts'
import type { NodeCart } from './money.ts'
import { euro, grouped, providerChoice } from './page-notices.ts'
import { type PayRefusal, pay, refusalOf } from './pay.ts'
import { positionAt } from './states.ts'

/**
 * The page to which Checkout sends a payer: all of the cart is paid or nothing is, then the payer goes back. As with Checkout
 * it opens for some minutes, also for who left it once; who has it open may still pay later.
 */
export const cartPageRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: `${CART_PATH}/:cart`,
    lock: 'open',
    service: null,
    operation: 'cart',
    handle(call, desk) {
      const cart = cartOf(call, desk)
      if (cart.state !== 'paid' && openUntil(cart.at) <= desk.now()) {
        const words = 'Questo carrello non si apre più: chiedi un altro link.'
        return pageReply('Checkout di prova', html`<header><h1>Checkout di prova</h1><p>${words}</p></header>`, 404)
      }
      return cartReply(cart, desk)
    },
  },
  {
    method: 'POST',
    path: `${CART_PATH}/:cart`,
    lock: 'open',
    service: null,
    operation: 'payCart',
    limit: 65_536,
    handle(call, desk) {
      const cart = cartOf(call, desk)
      if (cart.state === 'paid') return cartReply(cart, desk)
      const fields = new URLSearchParams(call.body.toString('utf8'))
      if (fields.get('atto') === 'annulla') return leave(cart, desk, 'cancelled', cart.cancelUrl)
      if (cart.notices.some((notice) => whyNot(notice, desk) !== null)) return seeOther(cart.errorUrl)
      const psp = PROVIDERS.find((each) => each.code === fields.get('psp'))?.code ?? (PROVIDERS[0]?.code as string)
      for (const { creditor, noticeNumber } of cart.notices) {
        pay(desk.store, { creditor, noticeNumber, psp, at: desk.now() })
      }
      return leave(cart, desk, 'paid', cart.okUrl)
    },
  },
]

function cartOf({ params }: Call, { store }: NodeDesk): NodeCart {
  const cart = store.get('cart', params.cart as string)
  if (!cart) throw new Refused(404, 'Not Found', 'Questo carrello non c’è')
  return cart
}

function leave(cart: NodeCart, { store }: NodeDesk, state: 'paid' | 'cancelled', url: string): Reply {
  store.change((changes) => changes.put('cart', cart.id, { ...cart, state }))
  return seeOther(url)
}

const WORDS: Readonly<Record<PayRefusal | 'amount', string>> = {
  PAA_PAGAMENTO_SCONOSCIUTO: 'il nodo non lo conosce',
  PAA_PAGAMENTO_DUPLICATO: 'è già pagato',
  PAA_PAGAMENTO_SCADUTO: 'è scaduto',
  PAA_PAGAMENTO_ANNULLATO: 'è annullato',
  amount: 'l’importo è cambiato',
}

function whyNot(notice: NodeCart['notices'][number], { store, now }: NodeDesk): keyof typeof WORDS | null {
  const found = store.byNav(notice.creditor, notice.noticeNumber)
  if (!found) return 'PAA_PAGAMENTO_SCONOSCIUTO'
  const refusal = refusalOf(positionAt(found.position, now()), found.payment)
  return refusal ?? (found.payment.amount === notice.cents ? null : 'amount')
}

function cartReply(cart: NodeCart, desk: NodeDesk): Reply {
  const total = cart.notices.reduce((sum, notice) => sum + notice.cents, 0)
  const faults = cart.notices.map((notice) => (cart.state === 'paid' ? null : whyNot(notice, desk)))
  const rows = cart.notices.map((notice, n): Html => {
    const fault = faults[n] ?? null
    return html`<tr><td><code>${grouped(notice.noticeNumber)}</code><br>${notice.description}${fault !== null && html`<br><span class="bad">Non si può pagare: ${WORDS[fault]}.</span>`}</td><td class="num">${euro(notice.cents)}</td></tr>`
  })
  const body = html`<header><h1>Checkout di prova</h1><p>Niente è vero: nessuna carta, nessun addebito.</p></header>
<div class="middle"><div class="card"><table><tbody>${rows}</tbody></table><p class="total">${euro(total)} €</p>
${
  cart.state === 'paid'
    ? html`<p role="status">Pagato.</p>`
    : html`<form class="stack" method="post">${cart.state === 'cancelled' && html`<p role="status">Lasciato: niente è stato pagato. Si può ancora pagare.</p>`}${providerChoice()}<button class="main" name="atto" value="paga" autofocus>Paga ${euro(total)} €</button><button name="atto" value="annulla">Lascia e torna indietro</button></form>`
}</div></div>`
  const origins = [cart.okUrl, cart.cancelUrl, cart.errorUrl].map((url) => new URL(url).origin)
  return pageReply('Checkout di prova', body, 200, [...new Set(origins)])
}
