import { call } from '@orpc/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cents } from '#domain/money'
import { deliveryStop } from '../../src-main/services/delivery-stop.ts'
import { person } from '../../src-main/services/person.ts'
import { positionAct } from '../../src-main/services/position-act.ts'
import { search } from '../../src-main/services/search.ts'
import { inventedCode, member, type Office } from './office.ts'
import { keepMine, onBoth, refused } from './support/people.ts'

const ANY = { filters: {} } as const

onBoth('people', (open) => {
  let office: Office
  const ask = () => ({ context: office.context })
  const list = async (filters: object = {}, words = '') =>
    call(person.list, { filters, search: words, limit: 500 } as never, ask())
  const idOf = async (words: string) => {
    const { rows } = await list({}, words)
    expect(rows).toHaveLength(1)
    return rows[0]?.id as never
  }
  const card = (id: unknown) => call(person.get, { id } as never, ask())

  beforeAll(async () => {
    office = await open()
    await office.raise([1, 2, 3, 4, 5, 6].map((n) => member(n, { amountCents: cents(20_000 + n) })))
    await office.generate()
  })
  afterAll(() => office.close())

  it('is found by name, code, e-mail, number in the albo, IUV and notice number', async () => {
    const { rows } = await office.positions()
    const third = rows.find((row) => row.fiscalCode === inventedCode(3))
    const iuv = third?.iuv ?? ''
    const asked = [
      'dalbarosa 00003',
      inventedCode(3),
      'socio3@example',
      'a3',
      iuv,
      third?.noticeNumber ?? '',
      iuv.slice(0, 15),
    ]
    for (const words of asked) {
      const found = await list({}, words)
      expect([words, found.rows.map((r) => r.name)]).toEqual([words, ['D’Albarosa 00003 Zita']])
      const palette = await call(search.find, { text: words }, ask())
      expect([words, palette[0]?.title.slice(0, 16)]).toEqual([words, 'D’Albarosa 00003'])
    }
  })

  it('filters by what a person lacks, owes and is', async () => {
    expect((await list({ without: ['pec'] })).count).toBe(6)
    expect((await list({ without: ['mail'] })).count).toBe(0)
    expect((await list({ owes: true })).count).toBe(6)
    expect((await list({ owes: false })).count).toBe(0)
    expect((await list({ state: 'erased' })).count).toBe(0)
    const counts = await call(person.counts, undefined as never, ask())
    expect(counts.views).toMatchObject({ tutte: 6, devono: 6, societa: 0 })
    expect(counts.statuses).toEqual(['iscritto'])
    expect((await list({ alboStatus: ['iscritto'] })).count).toBe(6)
  })

  it('sorts by what is owed, sums and all', async () => {
    const sort = { column: 'outstandingCents', direction: 'desc' }
    const { rows, totals } = await call(person.list, { ...ANY, sort, limit: 500 } as never, ask())
    expect(rows.map((row) => row.outstandingCents)).toEqual([20_006, 20_005, 20_004, 20_003, 20_002, 20_001])
    expect(totals).toEqual({ dueCents: 120_021, outstandingCents: 120_021 })
  })

  it('is written by hand with its codes checked, and keeps what it was', async () => {
    const typed = {
      kind: 'F',
      name: 'Prova Ada',
      fiscalCode: inventedCode(77),
      vatNumber: '',
      category: 'altro',
    } as const
    const { id } = await call(person.create, typed, ask())
    expect(await refused(call(person.create, typed, ask()))).toBe('PERSON_CODE_TAKEN')
    expect(await refused(call(person.create, { ...typed, fiscalCode: 'ABC' }, ask()))).toBe('FISCAL_CODE_LENGTH')
    expect(await refused(call(person.create, { ...typed, fiscalCode: '', vatNumber: '12345678901' }, ask()))).toBe(
      'VAT_CHECK',
    )
    const doubtful = `${inventedCode(78).slice(0, 15)}${inventedCode(78).endsWith('A') ? 'B' : 'A'}`
    const saved = await call(person.save, { ...typed, id, name: 'Prova Adele', fiscalCode: doubtful }, ask())
    expect(saved.warnings).toHaveLength(1)
    const { history, person: row } = await card(id)
    expect(row.name).toBe('Prova Adele')
    expect(history.map((line) => line.text)).toEqual(expect.arrayContaining(['Nome: «Prova Adele», prima «Prova Ada»']))
    const journal = await office.context.ledger.read((db) =>
      db.selectFrom('journalEntry').where('command', '=', 'person.save').select('payloadJson').execute(),
    )
    expect(journal.map((row) => row.payloadJson)).toEqual([`{"personId":${id}}`])
  })

  it('has contacts with their history, an IBAN among them', async () => {
    const id = await idOf('00001')
    const contact = (kind: string, value: string) =>
      call(person.saveContact, { personId: id, kind, value } as never, ask())
    expect(await refused(contact('iban', 'IT00X'))).toBe('PERSON_IBAN_WRONG')
    await contact('iban', 'IT66 S099 9912 1000 0000 0012 345')
    await contact('email', 'nuova@example.it')
    const { contacts, history } = await card(id)
    const email = contacts.filter((c) => c.kind === 'email')
    expect(email.map((c) => [c.value, c.validTo === null])).toEqual([
      ['nuova@example.it', true],
      ['socio1@example.it', false],
    ])
    expect(contacts.find((c) => c.kind === 'iban')?.value).toBe('IT66S0999912100000000012345')
    expect(history.some((line) => line.text.includes('prima socio1@example.it'))).toBe(true)
    await call(person.markContact, { id: email[0]?.id, failing: true } as never, ask())
    expect((await card(id)).contacts.find((c) => c.value === 'nuova@example.it')?.failedBy).toBe('hand')
    expect((await list({ failing: true })).rows.map((r) => r.id)).toEqual([id])
  })

  it('moves in the albo by closing and adding', async () => {
    const id = await idOf('00002')
    const [entry] = (await card(id)).albo
    const base = { personId: id, albo: entry?.albo, section: 'B', number: 'A2', status: 'sospeso' }
    const again = { ...base, id: entry?.id, from: entry?.from }
    expect(await refused(call(person.saveAlbo, again as never, ask()))).toBe('ALBO_DATES')
    const taken = { ...base, id: null, number: 'A3', from: '2026-09-01' }
    expect(await refused(call(person.saveAlbo, taken as never, ask()))).toBe('ALBO_NUMBER_TAKEN')
    const later = { ...base, id: entry?.id, from: '2027-01-01' }
    const albo = await call(person.saveAlbo, later as never, ask())
    expect(albo.map((a) => [a.section, a.status, a.to])).toEqual([
      ['B', 'sospeso', null],
      [null, 'iscritto', '2026-12-31'],
    ])
    expect((await list({ alboStatus: ['sospeso'] })).rows.map((r) => r.id)).toEqual([id])
  })

  it('takes notes, which stay with whom they were given to', async () => {
    const id = await idOf('00003')
    await call(person.note, { id, text: 'Chiamare solo al mattino.', assignee: 'Contabilità' }, ask())
    const answer = await call(person.note, { id, text: 'Chiamata.', assignee: null }, ask())
    expect(answer.notes.map((n) => n.text)).toEqual(['Chiamare solo al mattino.', 'Chiamata.'])
    expect(answer.assignee).toBe('Contabilità')
    expect((await list({ notes: true })).rows.map((r) => r.id)).toEqual([id])
  })

  it('stops many at once, each once', async () => {
    const ids = [await idOf('00005'), await idOf('00006')]
    const stop = () => call(person.stop, { selection: { ids }, reason: 'Hanno chiesto la carta' }, ask())
    expect(await stop()).toEqual({ count: 2, already: 0 })
    expect(await stop()).toEqual({ count: 0, already: 2 })
  })

  describe('two that are one', () => {
    const wrong = `${inventedCode(4).slice(0, 4)}X${inventedCode(4).slice(5)}`

    it('are suspected for one character of the code, the VAT number, or name and contact', async () => {
      // The same person again, by a file with one letter wrong.
      await office.raise([
        member(4, {
          fiscalCode: wrong as never,
          alboNumber: null,
          email: 'altra@example.it',
          amountCents: cents(5_000),
        }),
      ])
      const { pairs, count } = await call(person.duplicates, {}, ask())
      expect(count).toBe(1)
      expect(pairs[0]?.reasons).toEqual(['oneCharacter', 'address'])
      expect(pairs[0]?.words).toBe('codici fiscali diversi per un solo carattere, stesso nome e stesso indirizzo')
      const of = await call(person.duplicates, { personId: pairs[0]?.second.id as never }, ask())
      expect(of.pairs).toEqual(pairs)
      expect((await card(pairs[0]?.first.id)).suspects).toBe(1)
    })

    it('become one everywhere, and two again as they were', async () => {
      const { pairs } = await call(person.duplicates, {}, ask())
      const [good, bad] = [pairs[0]?.first, pairs[0]?.second] as unknown as [{ id: never }, { id: never }]
      const before = { good: await card(good.id), bad: await card(bad.id) }
      await call(deliveryStop.add, { personId: bad.id, channel: null, reason: 'Non spedire' }, ask())
      const chosen = { ...keepMine, email: 'other' as const }
      await call(person.merge, { survivorId: good.id, otherId: bad.id, keep: chosen }, ask())

      const one = await card(bad.id)
      expect(one.person.id).toBe(good.id)
      expect(one.person.dueCents).toBe(25_004)
      expect(one.dues).toHaveLength(2)
      expect(one.merged.map((m) => [m.id, m.fiscalCode])).toEqual([[bad.id, wrong]])
      expect(one.contacts.filter((c) => c.kind === 'email' && c.validTo === null).map((c) => c.value)).toEqual([
        'altra@example.it',
      ])
      expect(one.suspects).toBe(0)
      expect((await list({}, '00004')).rows.map((r) => [r.id, r.dueCents])).toEqual([[good.id, 25_004]])
      expect((await list({}, wrong)).rows.map((r) => r.id)).toEqual([good.id])
      expect((await list({ state: 'merged' })).rows.map((r) => r.id)).toEqual([bad.id])
      const palette = await call(search.find, { text: wrong }, ask())
      expect(palette.map((f) => f.route)).toContain(`/persone/${good.id}`)

      // Lists of accertamenti and positions say the survivor, and the new position is its own.
      const dues = await office.accertamenti({ personId: good.id })
      expect(dues.rows.map((r) => [r.personId, r.fiscalCode])).toEqual([
        [good.id, inventedCode(4)],
        [good.id, inventedCode(4)],
      ])
      await office.generate()
      const positions = await office.positions({ personId: good.id })
      expect(positions.rows.map((r) => [r.personId, r.fiscalCode])).toEqual([
        [good.id, inventedCode(4)],
        [good.id, inventedCode(4)],
      ])
      // A stop on either holds for both.
      const stops = await call(deliveryStop.list, { filters: { personId: good.id } } as never, ask())
      expect(stops.rows.map((r) => r.personId)).toEqual([good.id])

      // A file that still says the wrong code means the survivor.
      await office.raise([member(4, { fiscalCode: wrong as never, amountCents: cents(100), causale: 'Tessera' })])
      expect((await card(good.id)).dues).toHaveLength(3)
      expect((await list()).rows.filter((r) => r.name.includes('00004'))).toHaveLength(1)

      // What is written of the survivor is seen on both, until they part.
      await call(person.separate, { id: bad.id }, ask())
      const again = { good: await card(good.id), bad: await card(bad.id) }
      expect(again.bad.person.id).toBe(bad.id)
      expect(again.bad.person.fiscalCode).toBe(wrong)
      expect(again.good.person.fiscalCode).toBe(before.good.person.fiscalCode)
      expect(again.bad.dues).toHaveLength(before.bad.dues.length)
      expect(again.good.dues).toHaveLength(before.good.dues.length + 1)
      const mail = (c: typeof again.good) => c.contacts.find((x) => x.kind === 'email' && x.validTo === null)?.value
      expect(mail(again.good)).toBe(mail(before.good))
      expect(mail(again.bad)).toBe('altra@example.it')
      expect(await refused(call(person.separate, { id: bad.id }, ask()))).toBe('PERSON_NOT_MERGED')
    })

    it('stay two when a person says so', async () => {
      const { pairs } = await call(person.duplicates, {}, ask())
      const { first, second } = pairs[0] as (typeof pairs)[number]
      await call(person.distinct, { firstId: second.id, secondId: first.id }, ask())
      expect((await call(person.duplicates, {}, ask())).count).toBe(0)
      expect((await card(first.id)).suspects).toBe(0)
    })

    it('can be chained, and each step taken back by itself', async () => {
      const make = (n: number, name: string) =>
        call(
          person.create,
          { kind: 'F', name, fiscalCode: inventedCode(n), vatNumber: '', category: 'altro' } as never,
          ask(),
        )
      const [a, b, c] = [await make(901, 'Uno Ada'), await make(902, 'Due Ada'), await make(903, 'Tre Ada')]
      await call(person.merge, { survivorId: b.id, otherId: a.id, keep: keepMine }, ask())
      await call(person.merge, { survivorId: c.id, otherId: b.id, keep: keepMine }, ask())
      expect(await refused(call(person.merge, { survivorId: c.id, otherId: a.id, keep: keepMine }, ask()))).toBe(
        'PERSON_IS_MERGED',
      )
      expect((await card(a.id)).person.name).toBe('Tre Ada')
      expect((await card(c.id)).merged.map((m) => m.name)).toEqual(['Due Ada', 'Uno Ada'])
      await call(person.separate, { id: b.id }, ask())
      expect((await card(a.id)).person).toMatchObject({ id: b.id, name: 'Due Ada', fiscalCode: inventedCode(902) })
      await call(person.separate, { id: a.id }, ask())
      expect((await card(a.id)).person).toMatchObject({ id: a.id, name: 'Uno Ada', fiscalCode: inventedCode(901) })
    })
  })

  describe('personal data', () => {
    it('go out whole, readable and as JSON, and the journal says only whose', async () => {
      const id = await idOf('00003')
      const { json, workbook } = await call(person.exportData, { id }, ask())
      const data = JSON.parse(new TextDecoder().decode(await office.bytes(json)))
      expect(data.contacts.map((c: { value: string }) => c.value)).toContain('socio3@example.it')
      expect(data.notes).toHaveLength(2)
      expect(data.accertamenti).toHaveLength(1)
      expect(data.importedRows).toHaveLength(1)
      expect(data.positions).toHaveLength(1)
      expect((await office.bytes(workbook)).length).toBeGreaterThan(2_000)
    })

    it('are not erased while something is owed', async () => {
      const id = await idOf('00003')
      const preview = await call(person.erasePreview, { id }, ask())
      expect(preview.wholly).toBe(false)
      expect(preview.blocked).toHaveLength(2)
      expect(preview.until).toBe('2036-12-31')
      expect(preview.stays.map((s) => s.what)).toContain('Accertamenti')
      expect(await refused(call(person.erase, { id, reason: 'Lo ha chiesto' }, ask()))).toBe('ERASE_BLOCKED')
    })

    it('go as far as the books allow, and nothing that went is found again', async () => {
      const id = await idOf('00003')
      const { albo, dues } = await card(id)
      const debtPositionId = dues[0]?.debtPositionId as NonNullable<(typeof dues)[number]['debtPositionId']>
      const onPosition = { id: debtPositionId, text: 'Chiamare solo di pomeriggio', assignee: null }
      expect((await call(positionAct.note, onPosition, ask())).notes).toHaveLength(1)
      expect((await call(positionAct.notes, { id: debtPositionId }, ask())).notes).toMatchObject([
        { text: 'Chiamare solo di pomeriggio', operator: expect.any(String) },
      ])
      await call(person.closeAlbo, { id: albo[0]?.id, to: '2027-01-01' } as never, ask())
      await office.context.ledger.write(
        { command: 'test', operator: 'prova', payload: {}, at: office.context.clock.now() },
        async (db) => {
          const due = await db
            .selectFrom('accertamento')
            .where('personId', '=', id)
            .selectAll()
            .executeTakeFirstOrThrow()
          await db
            .insertInto('accertamentoVariation')
            .values({
              accertamentoId: due.id,
              exercise: due.exercise,
              date: due.date,
              kind: 'cancellation',
              cents: -due.assessedCents as never,
              reason: 'cancellato per la prova',
              act: null,
            } as never)
            .execute()
        },
      )
      expect(await call(person.erase, { id, reason: 'Lo ha chiesto' }, ask())).toEqual({ wholly: false })
      const left = await card(id)
      expect(left.person).toMatchObject({ name: 'D’Albarosa 00003 Zita', fiscalCode: inventedCode(3) })
      expect(left.person.erasedAt).not.toBeNull()
      expect([left.contacts, left.notes, left.albo]).toEqual([[], [], []])
      expect(left.dues).toHaveLength(1)
      expect((await list({}, '00003')).count).toBe(0)
      expect((await list({ state: 'erased' })).rows.map((r) => r.id)).toEqual([id])
      const everything = await office.context.ledger.read(async (db) =>
        JSON.stringify([
          await db.selectFrom('importRow').selectAll().execute(),
          await db.selectFrom('contactPoint').selectAll().execute(),
          await db.selectFrom('journalEntry').selectAll().execute(),
          await db.selectFrom('note').selectAll().execute(),
        ]),
      )
      expect(everything).not.toContain('socio3@example.it')
      expect(everything).not.toContain('Chiamare solo')
      expect(everything).toContain('socio4@example.it')
      expect(await refused(call(person.note, { id, text: 'Ancora', assignee: null }, ask()))).toBe('PERSON_ERASED')
    })

    it('of whoever the books do not name go wholly', async () => {
      const typed = {
        kind: 'F',
        name: 'Breve Ugo',
        fiscalCode: inventedCode(950),
        vatNumber: '',
        category: 'altro',
      } as const
      const { id } = await call(person.create, typed, ask())
      await call(person.saveContact, { personId: id, kind: 'email', value: 'breve@example.it' } as never, ask())
      expect((await call(person.erasePreview, { id }, ask())).wholly).toBe(true)
      expect(await call(person.erase, { id, reason: 'Mai stato iscritto' }, ask())).toEqual({ wholly: true })
      expect(await refused(card(id))).toBe('PERSON_GONE')
    })
  })
})
