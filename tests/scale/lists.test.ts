import { createRouterClient } from '@orpc/server'
import { expect, test } from 'vitest'
import { isoDate } from '#domain/date'
import { router } from '#services/router'
import { members, openOffice, outcome } from '../services/office.ts'

const LONG = process.env.QUIETANZA_LONG === '1'
const PEOPLE = 50_000
const EXERCISE = { exercise: 2026 }
/** A person waits this long for a page at most; on a machine at rest all of these are far below. */
const PATIENCE_MS = 10_000

test.skipIf(!LONG)(
  `lists of ${PEOPLE} people and ${PEOPLE * 3} accertamenti answer (skipped: only with QUIETANZA_LONG=1)`,
  { timeout: 900_000 },
  async () => {
    const office = await openOffice()
    const client = createRouterClient(router, { context: office.context })
    const slow: string[] = []
    const figures: string[] = []
    const page = async (name: string, ask: () => Promise<unknown>) => {
      const start = performance.now()
      await ask()
      const ms = Math.round(performance.now() - start)
      figures.push(`${name} ${ms}`)
      if (ms > PATIENCE_MS) slow.push(`${name}: ${ms} ms`)
    }
    try {
      for (const causale of ['Quota 2026', 'Seconda rata 2026', 'Contributo 2026']) {
        await office.raise(members(PEOPLE, { causale }))
      }
      const parameters = {
        ...{ description: 'Quote', dueDate: isoDate('2026-03-31'), validUntil: isoDate('2026-12-31') },
        ...{ groupByPerson: true, groupDescription: 'Quote 2026' },
      }
      const made = await outcome(await client.debtPosition.generate({ filters: EXERCISE, parameters }))
      expect(made.positions.count).toBe(PEOPLE)
      expect((await client.accertamento.list({ filters: EXERCISE, limit: 1 })).count).toBe(PEOPLE * 3)

      for (const column of ['number', 'personName', 'dueCents', 'dueDate', 'state']) {
        const sort = { column, direction: 'desc' as const }
        await page(`accertamenti by ${column}`, () => client.accertamento.list({ filters: EXERCISE, sort }))
      }
      const search = 'albarosa 00123'
      await page('accertamenti, last page', () => client.accertamento.list({ filters: EXERCISE, offset: 149_900 }))
      await page('accertamenti, search', () => client.accertamento.list({ filters: EXERCISE, search }))
      await page('accertamenti, counts', () => client.accertamento.counts(EXERCISE))
      for (const column of ['noticeNumber', 'personName', 'cents', 'state']) {
        const sort = { column, direction: 'asc' as const }
        await page(`positions by ${column}`, () => client.debtPosition.list({ filters: EXERCISE, sort }))
      }
      await page('positions, search', () => client.debtPosition.list({ filters: EXERCISE, search }))
      await page('positions, counts', () => client.debtPosition.counts(EXERCISE))
      await page('people', () => client.person.list({ filters: {} }))
      await page('people, search', () => client.person.list({ filters: {}, search }))
      await page('palette', () => client.search.find({ text: search }))
      await page('dashboard', () => client.dashboard.get(EXERCISE))
      await page('situation', () => client.capitolo.situation(EXERCISE))
      await page('mastro', () => client.book.mastro({ filters: EXERCISE }))
      await page('unpaid', () => client.book.unpaid({ filters: EXERCISE }))
      await page('ready', () => client.reversale.ready({}))
      console.log(`ms: ${figures.join(' · ')}`)
      expect(slow).toEqual([])
    } finally {
      await office.close()
    }
  },
)
