import { Buffer } from 'node:buffer'
import type { z } from 'zod'
import { drawCartSheet } from '#codecs/pdf/cart-sheet'
import type { cartSchema } from '#contract/cart'
import type { Id } from '#domain/brand'
import {
  cartPayments,
  cartState,
  checkoutCart,
  MAX_CART_NOTICES,
  nextPayment,
  openUntil,
  paymentDescription,
  whyNotPayable,
} from '#domain/cart'
import { formatDate, type Instant, isIsoDate, romeDate, romeDateTime } from '#domain/date'
import { type Cents, sum } from '#domain/money'
import type { NodeEnvironment } from '#domain/node-ports'
import type { NoticeNumber } from '#domain/notice-number'
import type { StoredPayment, StoredPosition } from '#domain/position-plan'
import { ProblemError, problem, problemText } from '#domain/problem'
import { ENVIRONMENTS } from '#domain/vocabulary'
import { type CartRow, insertCart, positionsOfIuvs, readCarts } from '#ledger/cart'
import { readInstitution } from '#ledger/institution'
import type { Ledger, ReadHandle } from '#ledger/ledger'
import { readNodeSettings } from '#ledger/node-connection'
import { presentEnvironment } from '#ledger/node-position'
import { positionIdsOf, readContactsOf } from '#ledger/person-card'
import { readStoredPositions } from '#ledger/position-version'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'
import { needNode } from './node-connection.ts'
import { paperInstitution } from './paper-heading.ts'
import { PDF_MIME, produceFile, today } from './produced-file.ts'
import { chosenPositions } from './selection.ts'

/** Positions among which a person chooses what to pay. */
const SHOWN = 50

type Cart = z.infer<typeof cartSchema>

interface Chosen {
  readonly position: StoredPosition
  readonly kind: 'single' | 'plan'
  readonly payment: StoredPayment
  readonly noticeNumber: NoticeNumber
  readonly description: string
}

export const cart = {
  preview: os.cart.preview.handler(async ({ context, input }) => {
    const whyNot = await whyNoLink(context)
    return context.ledger.read(async (db) => {
      const day = today(context)
      const ids =
        'personId' in input ? await positionIdsOf(db, input.personId) : await chosenPositions(db, input.selection, day)
      if (ids.length > SHOWN && !('personId' in input))
        throw new ProblemError(problem('CART_TOO_MANY', { most: SHOWN }))
      const all = await readStoredPositions(db, ids)
      // Of a person only what is still to be paid; of positions chosen by hand each says why not.
      const shown = 'personId' in input ? all.filter(isOpen) : all
      const next = shown.flatMap((position) => nextPayment(position, day) ?? [])
      const [first] = shown
      return {
        environment: await presentEnvironment(db),
        whyNot,
        candidates: shown.map((position) => ({
          debtPositionId: position.id,
          personId: position.personId,
          personName: position.personName,
          description: position.description,
          whyNot: whyNotPayable(position, day),
          payments: cartPayments(position, day).map(({ kind, payment, whyNot: why }) => ({
            iuv: payment.iuv,
            noticeNumber: payment.noticeNumber ?? '',
            kind,
            ordinal: kind === 'single' ? 0 : payment.ordinal,
            cents: payment.cents,
            dueDate: payment.dueDate,
            whyNot: why,
          })),
        })),
        proposed: next.slice(0, MAX_CART_NOTICES).map((payment) => payment.iuv),
        email: first === undefined ? null : await emailOf(db, first.personId),
      }
    })
  }),

  make: os.cart.make.handler(async ({ context, input }) => {
    const asked = { ...input, iuvs: [...new Set(input.iuvs)].sort() }
    const { id, made } = await oneAtATime(context.ledger, JSON.stringify(asked), () => makeCart(context, asked))
    return { cart: await cartOut(context, id), made }
  }),

  get: os.cart.get.handler(({ context, input }) => cartOut(context, input.id)),

  list: os.cart.list.handler(({ context, input }) =>
    context.ledger.read(async (db) => (await readCarts(db, input)).map((row) => out(row, context.clock.now()))),
  ),

  sheet: os.cart.sheet.handler(async ({ context, input }) => {
    const { row, institution } = await context.ledger.read(async (db) => ({
      row: await readCart(db, input.id),
      institution: await paperInstitution(db),
    }))
    const bytes = drawCartSheet({
      institution,
      url: row.url,
      rehearsal: row.environment !== 'production',
      opensUntil: `${formatDate(romeDate(row.openUntil))} alle ${romeDateTime(row.openUntil).slice(11, 16)}`,
      rows: row.rows.map(({ personName, noticeNumber, description, cents }) => ({
        ...{ personName, noticeNumber, description, cents },
      })),
      cents: row.cents,
    })
    return produceFile(context, `paga-ora-${row.reference}.pdf`, PDF_MIME, [bytes])
  }),
}

function isOpen({ lifecycle, payment }: StoredPosition): boolean {
  return lifecycle === 'issued' && payment !== 'paid' && payment !== 'collected'
}

/** The address in force that a message would go to; offered to the person, never taken by itself. */
async function emailOf(db: ReadHandle, personId: Id<'person'>): Promise<string | null> {
  const contacts = await readContactsOf(db, personId)
  return contacts.find((one) => one.kind === 'email' && one.validTo === null && one.failedAt === null)?.value ?? null
}

interface Way {
  readonly connection: Awaited<ReturnType<typeof needNode>>
  readonly returnUrls: { readonly ok: string; readonly cancel: string; readonly error: string }
}

/** Where Checkout answers and where the payer goes back to. @throws ProblemError in words where something lacks */
async function wayToCheckout(context: ServiceContext): Promise<Way> {
  const connection = await needNode(context, 'checkout')
  const { environment } = connection
  const written = (await context.ledger.read((db) => readNodeSettings(db, environment))).returnUrls
  const returnUrls = written ?? (await rehearsalReturns(context, environment))
  if (returnUrls === null) {
    throw new ProblemError(problem('CART_NO_RETURN', { environment: ENVIRONMENTS[environment].name }))
  }
  return { connection, returnUrls }
}

/** The rehearsal node has pages of its own to go back to. */
async function rehearsalReturns(
  context: ServiceContext,
  environment: NodeEnvironment,
): Promise<Way['returnUrls'] | null> {
  if (environment !== 'rehearsal' || context.rehearsalNode === null) return null
  const { pageUrl } = await context.rehearsalNode.open()
  const page = (outcome: string) => {
    const url = new URL(pageUrl)
    url.searchParams.set('ritorno', outcome)
    return url.href
  }
  return { ok: page('ok'), cancel: page('annullato'), error: page('errore') }
}

/** Said before anything is chosen: null where a link can be asked for. */
async function whyNoLink(context: ServiceContext): Promise<string | null> {
  try {
    await wayToCheckout(context)
    return null
  } catch (error) {
    if (error instanceof ProblemError) return error.problems.map(problemText).join(' ')
    throw error
  }
}

interface Asked {
  readonly iuvs: readonly string[]
  readonly expectedCents: Cents
  readonly email: string | null
}

interface Made {
  readonly id: Id<'checkoutCart'>
  readonly made: boolean
}

/**
 * A link costs nothing and moves no money: it is asked for first and kept when it is there. A line that drops in between
 * leaves a cart at Checkout that nobody has the address of, and that Checkout forgets.
 */
async function makeCart(context: ServiceContext, asked: Asked): Promise<Made> {
  const { connection, returnUrls } = await wayToCheckout(context)
  const { environment } = connection
  const { chosen, institution, open } = await context.ledger.read(async (db) => {
    const found = await chosenPayments(db, asked.iuvs, context)
    return {
      chosen: found,
      institution: await readInstitution(db),
      open: await stillOpen(db, { found, asked, environment, now: context.clock.now() }),
    }
  })
  const cents = sum(chosen.map(({ payment }) => payment.cents))
  if (cents !== asked.expectedCents) throw new ProblemError(problem('CART_CHANGED', {}))
  if (open !== null) return { id: open, made: false }
  if (institution === null) throw new ProblemError(problem('INSTITUTION_MISSING', {}))
  const reference = `QZ${Buffer.from(context.random.bytes(9)).toString('hex').toUpperCase()}`
  const { email } = asked
  const body = checkoutCart({ payments: chosen, institution, returnUrls, reference, email })
  const at = context.clock.now()
  const answer = await context.node.checkout.cart(connection, body)
  if (answer.kind !== 'ok') throw new ProblemError(problem('CART_REFUSED', { reason: answer.reason }))
  const said = { notices: chosen.map(({ noticeNumber }) => noticeNumber), cents }
  const id = await context.ledger.write(command(context, 'cart.make', said), (db) =>
    insertCart(
      db,
      {
        ...{ reference, environment, url: answer.value.url, cents, email, at },
        ...{ openUntil: openUntil(at), operator: context.operator },
      },
      chosen.map(({ position, payment, noticeNumber, description }) => ({
        ...{ debtPositionId: position.id, version: position.version, iuv: payment.iuv },
        ...{ noticeNumber, cents: payment.cents, description },
      })),
    ),
  )
  return { id, made: true }
}

/** The payments that these IUVs ask, in the order of the positions. @throws ProblemError where one cannot be paid now */
async function chosenPayments(
  db: ReadHandle,
  iuvs: readonly string[],
  context: ServiceContext,
): Promise<readonly Chosen[]> {
  const day = today(context)
  const byIuv = await positionsOfIuvs(db, iuvs)
  const positions = await readStoredPositions(db, [...new Set(byIuv.values())])
  const chosen = positions.flatMap((position) =>
    cartPayments(position, day).flatMap(({ kind, payment, whyNot }): Chosen[] => {
      if (!iuvs.includes(payment.iuv)) return []
      const { noticeNumber } = payment
      if (whyNot !== null || noticeNumber === null) {
        const notice = noticeNumber ?? payment.iuv
        throw new ProblemError(problem('CART_NOT_PAYABLE', { notice, reason: whyNot ?? 'Non ha un numero avviso' }))
      }
      return [{ position, kind, payment, noticeNumber, description: paymentDescription(position, kind, payment) }]
    }),
  )
  if (chosen.length !== iuvs.length) throw new ProblemError(problem('CART_NOTICE_GONE', {}))
  for (const { position } of chosen.filter(({ kind }) => kind === 'single')) {
    if (chosen.some((one) => one.position.id === position.id && one.kind === 'plan')) {
      throw new ProblemError(problem('CART_BOTH_WAYS', { person: position.personName }))
    }
  }
  return chosen
}

/** The link already handed out for these very payments, if it still opens. */
async function stillOpen(
  db: ReadHandle,
  {
    found,
    asked,
    environment,
    now,
  }: {
    readonly found: readonly Chosen[]
    readonly asked: Asked
    readonly environment: NodeEnvironment
    readonly now: Instant
  },
): Promise<Id<'checkoutCart'> | null> {
  const same = (one: CartRow) =>
    one.environment === environment &&
    one.openUntil > now &&
    one.email === asked.email &&
    one.rows.length === found.length &&
    one.rows.every((row) => found.some(({ payment }) => payment.iuv === row.iuv && payment.cents === row.cents))
  return (await readCarts(db, { iuvs: asked.iuvs })).find(same)?.id ?? null
}

async function readCart(db: ReadHandle, id: Id<'checkoutCart'>): Promise<CartRow> {
  const [row] = await readCarts(db, { id })
  if (row === undefined) throw new ProblemError(problem('CART_GONE', {}))
  return row
}

async function cartOut(context: ServiceContext, id: Id<'checkoutCart'>): Promise<Cart> {
  return out(await context.ledger.read((db) => readCart(db, id)), context.clock.now())
}

function out(row: CartRow, now: Instant): Cart {
  const { id, environment, url, cents, email, at, operator } = row
  return {
    ...{ id, environment, url, cents, email, at, operator, openUntil: row.openUntil, opens: row.openUntil > now },
    state: cartState(row.rows, at, now),
    rows: row.rows.map(({ debtPositionId, personId, personName, noticeNumber, description, ...one }) => {
      const day = one.paidAt?.slice(0, 10)
      return {
        ...{ debtPositionId, personId, personName, noticeNumber, description, cents: one.cents, paid: one.paid },
        paidDate: isIsoDate(day) ? day : null,
      }
    }),
  }
}

const underWay = new WeakMap<Ledger, Map<string, Promise<Made>>>()

/** A second click while the first is on its way gets what the first one gets. */
function oneAtATime(ledger: Ledger, key: string, work: () => Promise<Made>): Promise<Made> {
  const all = underWay.get(ledger) ?? new Map()
  underWay.set(ledger, all)
  const present = all.get(key)
  if (present !== undefined) return present
  const started = work().finally(() => all.delete(key))
  all.set(key, started)
  return started
}
