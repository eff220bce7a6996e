import { expect, test } from 'vitest'
import type { Instant } from '#domain/date'
import { decisionsInForce } from '#domain/reconcile-decisions'
import type { Decision } from '#domain/reconcile-evidence'

// What is said later of one movement counts alone, whichever way it is said.

const [CREDIT, OTHER, DEBIT] = [1, 2, 3]
const said = (...what: readonly object[]) =>
  decisionsInForce(
    what.map(
      (d, i) => ({ ...d, decisionId: i + 1, user: 'prova', at: '2026-03-12T09:00:00.000Z' as Instant }) as Decision,
    ),
  )
const exclude = (movementId: number) => ({ kind: 'exclude', movementId, reason: 'no' })
const storno = { kind: 'storno', movementId: DEBIT, creditMovementId: CREDIT }
const internal = (movementId: number) => ({ kind: 'internal', movementId, debitMovementId: DEBIT })
const ofDebit = (...what: readonly object[]) => {
  const { excluded, storno: storni, internal: transfers } = said(...what)
  return [
    ...(excluded.has(DEBIT) ? ['excluded'] : []),
    ...(storni.has(DEBIT) ? ['storno'] : []),
    ...[...transfers.keys()].map((credit) => `internal ${credit}`),
  ]
}

test('a debit is excluded, a storno or the giroconto of one credit, as it was said last', () => {
  expect(ofDebit(exclude(DEBIT), storno)).toEqual(['storno'])
  expect(ofDebit(storno, exclude(DEBIT))).toEqual(['excluded'])
  expect(ofDebit(internal(CREDIT), storno)).toEqual(['storno'])
  expect(ofDebit(storno, internal(CREDIT))).toEqual([`internal ${CREDIT}`])
  expect(ofDebit(exclude(DEBIT), internal(CREDIT))).toEqual([`internal ${CREDIT}`])
  expect(ofDebit(internal(CREDIT), exclude(DEBIT))).toEqual(['excluded'])
  expect(ofDebit(internal(CREDIT), internal(OTHER))).toEqual([`internal ${OTHER}`])
})

test('taken back, what was said before counts again', () => {
  expect(ofDebit(exclude(DEBIT), storno, { kind: 'revoke', revokes: 2 })).toEqual(['excluded'])
  expect(ofDebit(internal(CREDIT), exclude(DEBIT), { kind: 'revoke', revokes: 2 })).toEqual([`internal ${CREDIT}`])
})
