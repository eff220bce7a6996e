import { expect, test } from 'vitest'
import { isoDate } from '#domain/date'
import { cents } from '#domain/money'
import { reconcile } from '#domain/reconcile'
import { Books, linesInForce } from '../domain/reconcile-books.ts'
import { liveInMemory } from './office-in-memory.ts'
import { dice, inSomeOrder, officeYear } from './office-year.ts'

const YEARS = process.env.QUIETANZA_LONG ? 200 : 20
const ORDERS = 4

test(`${YEARS} office years in ${ORDERS} orders of arrival: the equations after each step, the same lines at the end`, () => {
  let steps = 0
  let posted = 0
  let alarms = 0
  for (let seed = 1; seed <= YEARS; seed++) {
    const year = officeYear(seed)
    let expected: string[] | null = null
    for (let order = 0; order < ORDERS; order++) {
      const d = dice(seed * 1000 + order)
      const books = new Books([2025, 2026, 2027])
      books.today = isoDate('2027-01-31')
      const where = (step: string): string => `year ${seed}, order ${order}, after ${step}`
      for (const arrival of inSomeOrder(year, seed * 77 + order)) {
        liveInMemory(books, arrival.what)
        steps += 1
        // A person closes the year too soon and opens it again; keeps a reversale, and thinks better of it; annuls one.
        if (d.chance(0.03)) books.closed.add(2025).add(2026)
        else if (d.chance(0.3)) books.closed.clear()
        const some = d.pick(books.reversali)
        if (some && d.chance(0.03)) books.kept.add(some.id)
        if (d.chance(0.05)) books.kept.clear()
        if (some && d.chance(0.05) && !books.isKept(some)) some.annulled = true
        if (books.closed.size === 0) {
          if (d.chance(0.3)) books.post()
          if (d.chance(0.1)) {
            alarms += books.plan().gone.length
            books.acceptAlarms()
          }
        }
        try {
          books.check()
        } catch (error) {
          throw new Error(`${where(arrival.name)}: ${(error as Error).message}`)
        }
      }
      books.closed.clear()
      books.kept.clear()
      alarms += books.plan().gone.length
      books.acceptAlarms()
      books.check()
      // E12: nothing is left to do, and the order of what is given does not matter.
      expect(books.plan(), where('all')).toEqual({ add: [], gone: [], held: [] })
      const input = books.input()
      const shuffled = {
        ...input,
        installments: d.shuffle(input.installments),
        due: d.shuffle(input.due),
        receipts: d.shuffle(input.receipts),
        versions: d.shuffle(input.versions),
        movements: d.shuffle(input.movements),
        decisions: d.shuffle(input.decisions),
      }
      const [one, other] = [reconcile(input), reconcile(shuffled)]
      expect(other, where('a shuffle')).toEqual(one)
      const keys = (of: typeof one) => of.lines.map((l) => l.rowKey)
      expect(keys(other), where('a shuffle')).toEqual(keys(one))
      const lines = linesInForce(books)
      posted += lines.length
      expected ??= lines
      expect(lines, where('all')).toEqual(expected)

      // A person keeps a reversale whose credit the bank takes back: it is no alarm, and nothing else takes its place.
      const keeper = books.reversali.find((r) => !r.annulled)
      if (keeper) {
        books.kept.add(keeper.id)
        const { movementId } = keeper.lines[0] as (typeof keeper.lines)[number]
        const credit = books.movements.find((m) => m.movementId === movementId) as (typeof books.movements)[number]
        books.movements.push({
          ...credit,
          movementId: 8000,
          cents: cents(-credit.cents),
          fingerprint: 'taken back',
          stornoOf: movementId,
        })
        const { gone } = books.plan()
        expect(
          gone.filter((l) => l.reversaleId === keeper.id),
          where('keeping'),
        ).toEqual([])
        books.acceptAlarms()
        books.check()
        expect(keeper.annulled, where('keeping')).toBe(false)
        books.kept.clear()
        books.movements.pop()
        books.acceptAlarms()
        books.check()
        expect(linesInForce(books), where('keeping no more')).toEqual(lines)
      }

      // The year is closed; what still arrives cannot move what it holds.
      books.closed.add(2025).add(2026)
      books.today = isoDate('2027-02-01')
      const closedLines = linesInForce(books).filter((l) => l.startsWith('2026') || l.startsWith('2025'))
      for (const credit of books.movements.filter((m) => m.cents > 0).slice(0, 2)) {
        const movementId = 9000 + credit.movementId
        books.movements.push({ ...credit, movementId, cents: cents(-credit.cents), fingerprint: `late${movementId}` })
      }
      for (const version of [...books.versions].slice(0, 4)) {
        books.versions.push({
          ...version,
          versionId: version.versionId + 7000,
          revision: 9,
          contentHash: `late${version.versionId}`,
          rows: version.rows.slice(1),
          declaredCount: version.rows.length - 1,
        })
      }
      books.post()
      books.check()
      expect(
        linesInForce(books).filter((l) => l.startsWith('2026') || l.startsWith('2025')),
        where('closing'),
      ).toEqual(closedLines)
    }
  }
  console.log(
    `simulation: ${YEARS} years × ${ORDERS} orders, ${steps} steps, ${posted} lines in force, ${alarms} alarms accepted`,
  )
  expect(posted).toBeGreaterThan(YEARS * ORDERS * 5)
}, 900_000)
