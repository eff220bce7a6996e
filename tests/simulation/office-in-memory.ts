import { readCausale } from '#domain/causale'
import type { Instant } from '#domain/date'
import { cents } from '#domain/money'
import type { Decision } from '#domain/reconcile-evidence'
import type { Books } from '../domain/reconcile-books.ts'
import { CASH_ACCOUNT, type Happening, type YearMovement } from './office-year.ts'

/** What happened enters the books in memory: what a ledger would keep of it. */
export function liveInMemory(books: Books, what: Happening): void {
  switch (what.kind) {
    case 'requireReceipt':
      books.requireReceipt = true
      return
    case 'accertamento':
      books.accertamenti.push({ ...what.debt, number: what.debt.id })
      return
    case 'position':
      books.installments.push(...what.installments)
      return
    case 'movement':
      books.movements.push(movementOf(what.movement))
      return
    case 'flow':
      books.versions.push(what.version)
      return
    case 'receipt':
      books.receipts.push(what.receipt)
      return
    case 'decision':
      say(books, what.decisionId, what.said)
      return
    case 'revocation':
      say(books, what.decisionId, { kind: 'revoke', revokes: what.of })
      return
    case 'cash': {
      const { movementId, positionId, debts, date, document } = what.cash
      const amount = debts.reduce((s, a) => s + a.cents, 0)
      const text = `Incasso in contanti, ${document}`
      books.movements.push(movementOf({ movementId, account: CASH_ACCOUNT, date, cents: amount, text, stornoOf: null }))
      const targets = debts.map((a) => ({ ...a, kind: 'accertamento', cents: cents(a.cents) }))
      say(books, what.decisionId - 1, { kind: 'manualMatch', movementId, targets })
      say(books, what.decisionId, { kind: 'paidOutside', positionId, document })
      return
    }
    case 'cashBack': {
      const outside = books.decisions.find((d) => d.decisionId === what.of - 1)
      const received = books.movements.find(
        (m) => outside?.kind === 'manualMatch' && m.movementId === outside.movementId,
      )
      if (!received) throw new RangeError('cash that never came in')
      books.movements.push({
        ...received,
        ...{ movementId: what.movementId, cents: cents(-received.cents), stornoOf: received.movementId },
        fingerprint: `Storno: ${received.fingerprint}`,
      })
      say(books, what.decisionId - 1, { kind: 'revoke', revokes: what.of - 1 })
      say(books, what.decisionId, { kind: 'revoke', revokes: what.of })
    }
  }
}

function movementOf(m: YearMovement): Books['movements'][number] {
  return {
    ...{ movementId: m.movementId, bankAccountId: m.account, bookingDate: m.date, cents: cents(m.cents) },
    fingerprint: `${m.date}|${m.cents}|${m.text}|${m.movementId}`,
    ...{ description: m.text, reference: readCausale(m.text).reference, stornoOf: m.stornoOf },
  }
}

function say(books: Books, decisionId: number, said: object): void {
  const at = '2026-06-01T10:00:00.000Z' as Instant
  books.decisions.push({ decisionId, user: 'Ada', at, ...said } as Decision)
}
