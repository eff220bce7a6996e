import { NODE_PATHS } from '#domain/node-ports'
import { jsonOf, Refused, type Route } from './http.ts'
import type { NodeCart } from './money.ts'

/** Where the payer is sent: below it stands the cart's id, which nobody can guess. */
export const CART_PATH = '/prova-carrello'

/** Checkout (checkout_v1.json): a cart of 1–5 notices becomes a page of this node on which it is paid or left. */
export const checkoutRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: `${NODE_PATHS.checkout}/carts`,
    lock: { product: 'checkout' },
    service: 'checkout',
    operation: 'PostCarts',
    limit: 65_536,
    handle(call, { store, random, now, origin }) {
      const id = Buffer.from(random.bytes(16)).toString('hex')
      const cart = cartOf(jsonOf(call.body), id, now())
      store.change((changes) => changes.put('cart', id, cart))
      return { status: 302, headers: { Location: `${origin}${CART_PATH}/${id}` } }
    },
  },
]

function cartOf(body: unknown, id: string, at: NodeCart['at']): NodeCart {
  const { paymentNotices, returnUrls, emailNotice } = objectOf(body, 'body')
  if (!Array.isArray(paymentNotices) || paymentNotices.length < 1 || paymentNotices.length > 5) {
    bad('paymentNotices must be from 1 to 5')
  }
  const notices = (paymentNotices as unknown[]).map((each, n) => {
    const notice = objectOf(each, `paymentNotices[${n}]`)
    const noticeNumber = textOf(notice, 'noticeNumber', 18, 18)
    if (!/^\d{18}$/.test(noticeNumber)) bad(`paymentNotices[${n}].noticeNumber`)
    textOf(notice, 'companyName', 0, 140)
    const { amount } = notice
    if (typeof amount !== 'number' || !Number.isSafeInteger(amount) || amount < 1) bad(`paymentNotices[${n}].amount`)
    return {
      noticeNumber,
      creditor: textOf(notice, 'fiscalCode', 11, 11),
      cents: amount as number,
      description: textOf(notice, 'description', 0, 140),
    }
  })
  if (new Set(notices.map((notice) => notice.noticeNumber)).size !== notices.length) bad('the same notice twice')
  if (emailNotice !== undefined && !/^[^@\s]+@[^@\s]+$/.test(String(emailNotice))) bad('emailNotice')
  const urls = objectOf(returnUrls, 'returnUrls')
  return {
    id,
    at,
    notices,
    okUrl: urlOf(urls, 'returnOkUrl'),
    cancelUrl: urlOf(urls, 'returnCancelUrl'),
    errorUrl: urlOf(urls, 'returnErrorUrl'),
    state: 'open',
  }
}

function objectOf(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) bad(`${name} is required`)
  return value as Record<string, unknown>
}

function textOf(from: Record<string, unknown>, name: string, least: number, most: number): string {
  const value = from[name]
  if (typeof value !== 'string' || value.length < least || value.length > most) bad(name)
  return value as string
}

function urlOf(from: Record<string, unknown>, name: string): string {
  const value = textOf(from, name, 1, 2000)
  const url = URL.canParse(value) ? new URL(value) : null
  if (url === null || !/^https?:$/.test(url.protocol)) bad(name)
  return value
}

/** @throws Refused 400 always. */
function bad(what: string): never {
  throw new Refused(400, 'Bad Request', `Invalid request: ${what}`)
}
