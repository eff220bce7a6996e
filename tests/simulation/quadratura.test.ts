import { expect, test } from 'vitest'
import type { ReconciledBooks } from '#services/reconciled-books'
import { squareOfBooks } from '#services/square-of-books'
import { Books } from '../domain/reconcile-books.ts'
import { liveInMemory } from './office-in-memory.ts'
import { dice, inSomeOrder, officeYear } from './office-year.ts'

const YEARS = process.env.QUIETANZA_LONG ? 200 : 12

/** What is posted is no part of the quadratura. */
function booksOf(books: Books): ReconciledBooks {
  return { input: books.input(), outcome: books.reconcile(), posted: [], plan: books.plan() }
}

const total = (list: readonly { readonly cents: number }[]) => list.reduce((sum, one) => sum + one.cents, 0)

test(`${YEARS} office years: the quadratura squares to the cent after each step, of everything and of any part`, () => {
  let steps = 0
  const met = new Set<string>()
  for (let seed = 1; seed <= YEARS; seed++) {
    const d = dice(seed * 31)
    const books = new Books()
    for (const arrival of inSomeOrder(officeYear(seed), seed)) {
      liveInMemory(books, arrival.what)
      if (d.chance(0.2)) books.post()
      steps += 1
      const now = booksOf(books)
      const some = now.input.movements.filter(() => d.chance(0.4)).map((m) => m.movementId)
      for (const scope of [null, new Set(some)]) {
        const where = `year ${seed}, after ${arrival.name}, ${scope === null ? 'all' : [...scope].join(' ')}`
        const square = squareOfBooks(now, scope)
        expect(square.unexplainedCents, where).toBe(0)
        for (const line of [square.credits, square.flows]) {
          expect(line.matched.cents + line.proposed.cents + line.alone.cents, where).toBe(line.total.cents)
        }
        const inScope = (m: { readonly movementId: number }) => scope === null || scope.has(m.movementId)
        const credits = now.input.movements.filter((m) => m.cents > 0 && inScope(m))
        expect(square.credits.total, where).toEqual({ count: credits.length, cents: total(credits) })
        // What stands against the flows is exactly what is matched to flows, whatever the lines are called.
        const mine = now.outcome.edges.filter(inScope)
        const ofFlows = total(mine.filter((e) => e.target.kind === 'flow'))
        const left = square.explanation.filter((e) => e.text.startsWith('Flussi:'))
        expect(square.flows.total.cents + total(left), where).toBe(ofFlows)
        const said = (text: string) => total(square.explanation.filter((e) => e.text === text))
        const to = (kind: string) => total(mine.filter((e) => e.target.kind === kind))
        expect(said('Accrediti abbinati ad accertamenti'), where).toBe(to('accertamento'))
        expect(said('Accrediti abbinati a singoli pagamenti'), where).toBe(to('iuv'))
        const storni = now.outcome.edges.filter(
          (e) => e.target.kind === 'storno' && inScope({ movementId: e.target.movementId }),
        )
        expect(said('Accrediti stornati'), where).toBe(total(storni))
        for (const { text } of square.explanation) met.add(text)
      }
    }
  }
  console.log(`quadratura: ${YEARS} years, ${steps} steps; ${[...met].sort().join(' · ')}`)
  expect(met).not.toContain('Accrediti: senza motivo')
  expect([...met]).toEqual(
    expect.arrayContaining([
      ...['Accrediti stornati', 'Accrediti: doppio', 'Accrediti: importi diversi', 'Accrediti: accredito parziale'],
      ...['Accrediti abbinati ad accertamenti', 'Accrediti abbinati a singoli pagamenti', 'Accrediti: escluso'],
      ...['Accrediti: giroconto', 'Flussi: non accreditato', 'Flussi: in proposta', 'Accrediti: in proposta'],
      ...['Flussi: accreditati in altri estratti conto', 'Accrediti: resto da attribuire'],
    ]),
  )
}, 600_000)
