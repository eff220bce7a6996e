import { call } from '@orpc/server'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Id } from '#domain/brand'
import { cents } from '#domain/money'
import { person } from '../../src-main/services/person.ts'
import { registerImport } from '../../src-main/services/register-import.ts'
import { inventedCode, member, type Office } from './office.ts'
import { keepMine, onBoth, refused } from './support/people.ts'

type PersonId = Id<'person'>
type ImportId = Id<'registerImport'>

onBoth('people who part, go and come back', (open) => {
  let office: Office
  const ask = () => ({ context: office.context })
  const card = (id: PersonId) => call(person.get, { id }, ask())
  const list = async (search: string, filters: object = {}) =>
    (await call(person.list, { filters, search, limit: 100 } as never, ask())).rows
  const idOf = async (search: string) => (await list(search))[0]?.id as PersonId
  const make = async (n: number, name: string, vatNumber = '') => {
    const typed = { kind: 'F', name, fiscalCode: inventedCode(n), vatNumber, category: 'altro' } as const
    return (await call(person.create, typed, ask())).id as PersonId
  }
  const merge = (survivorId: PersonId, otherId: PersonId, keep: object = {}) =>
    call(person.merge, { survivorId, otherId, keep: { ...keepMine, ...keep } } as never, ask())
  const separate = (id: PersonId) => call(person.separate, { id }, ask())
  const mail = (personId: PersonId, value: string) =>
    call(person.saveContact, { personId, kind: 'email', value } as never, ask())
  const mails = async (id: PersonId) =>
    (await card(id)).contacts.filter((c) => c.kind === 'email' && c.validTo === null).map((c) => c.value)
  const pending = async (n: number, more: object = {}) => office.read(await office.write([member(n, more)]))
  const undo = (id: ImportId) => call(registerImport.undo, { id, reason: 'file sbagliato' }, ask())
  const erase = (id: PersonId) => call(person.erase, { id, reason: 'Lo ha chiesto' }, ask())
  /** Somebody whom the books name and who owes nothing: quota raised and taken back. */
  const settled = async (n: number) => {
    const { id } = await office.raise([member(n)])
    await undo(id)
    return idOf(inventedCode(n))
  }

  beforeEach(async () => {
    office = await open()
  })
  afterEach(() => office.close())

  it('are not written over by who has not seen what a colleague wrote', async () => {
    const id = await make(901, 'Uno Ada')
    const shown = {
      kind: 'F',
      name: 'Uno Ada',
      fiscalCode: inventedCode(901),
      vatNumber: '',
      category: 'altro',
    } as const
    const save = (typed: object) => call(person.save, { ...shown, ...typed, id, seen: shown } as never, ask())
    await save({ name: 'Uno Adele' })
    expect(await refused(save({ category: 'praticante' }))).toBe('PERSON_CHANGED')
    expect((await card(id)).person).toMatchObject({ name: 'Uno Adele', category: 'altro' })
  })

  it('part in any order, each with the code that was theirs', async () => {
    const [a, b, c] = [await make(901, 'Uno Ada'), await make(902, 'Due Ada'), await make(903, 'Tre Ada')]
    const other = { name: 'other', fiscalCode: 'other' }
    await merge(c, a, other)
    await merge(c, b, other)
    expect((await card(c)).person.fiscalCode).toBe(inventedCode(902))
    await separate(a)
    expect((await card(a)).person).toMatchObject({ name: 'Uno Ada', fiscalCode: inventedCode(901) })
    expect((await card(c)).person).toMatchObject({ name: 'Due Ada', fiscalCode: inventedCode(902) })
    // The code that was left behind leads to the survivor, that of the one who left does not.
    expect((await list(inventedCode(903))).map((r) => r.id)).toEqual([c])
    expect((await list(inventedCode(901))).map((r) => r.id)).toEqual([a])
    await separate(b)
    expect((await card(b)).person).toMatchObject({ name: 'Due Ada', fiscalCode: inventedCode(902) })
    expect((await card(c)).person).toMatchObject({ name: 'Tre Ada', fiscalCode: inventedCode(903) })
  })

  it('part from the middle of a chain, with code and contacts', async () => {
    const [a, b, c] = [await make(901, 'Uno Ada'), await make(902, 'Due Ada'), await make(903, 'Tre Ada')]
    await mail(a, 'uno@example.it')
    await mail(b, 'due@example.it')
    await mail(c, 'tre@example.it')
    await merge(b, a, { fiscalCode: 'other', email: 'other' })
    await merge(c, b, { fiscalCode: 'other' })
    await separate(a)
    expect((await card(a)).person.fiscalCode).toBe(inventedCode(901))
    expect((await card(c)).person.fiscalCode).toBe(inventedCode(902))
    await separate(b)
    expect((await card(b)).person.fiscalCode).toBe(inventedCode(902))
    expect((await card(c)).person.fiscalCode).toBe(inventedCode(903))
    expect([await mails(a), await mails(b), await mails(c)]).toEqual([
      ['uno@example.it'],
      ['due@example.it'],
      ['tre@example.it'],
    ])
  })

  it('part again after a second merge of the same day, and when the survivor took the code of the other', async () => {
    const [a, b] = [await make(901, 'Uno Ada'), await make(902, 'Due Ada')]
    await mail(a, 'uno@example.it')
    await mail(b, 'due@example.it')
    for (const _time of [1, 2]) {
      await merge(a, b, { email: 'other' })
      expect(await mails(a)).toEqual(['due@example.it'])
      await separate(b)
      expect(await mails(a)).toEqual(['uno@example.it'])
    }
    await merge(a, b)
    const typed = {
      kind: 'F',
      name: 'Uno Ada',
      fiscalCode: inventedCode(902),
      vatNumber: '',
      category: 'altro',
    } as const
    // Nobody else may be given a code that leads here.
    expect(await refused(call(person.create, typed, ask()))).toBe('PERSON_CODE_TAKEN')
    await call(person.save, { id: a, ...typed }, ask())
    await separate(b)
    expect((await card(a)).person.fiscalCode).toBe(inventedCode(901))
    expect((await card(b)).person.fiscalCode).toBe(inventedCode(902))
  })

  it('that parted are two for exports and erasures too', async () => {
    const a = await settled(4)
    await office.raise([member(5, { amountCents: cents(700) })])
    const b = await idOf(inventedCode(5))
    await merge(a, b)
    await separate(b)
    const { json } = await call(person.exportData, { id: a }, ask())
    expect(new TextDecoder().decode(await office.bytes(json))).not.toContain(inventedCode(5))
    await erase(a)
    const rows = await office.context.ledger.read((db) =>
      db.selectFrom('importRow').select(['fiscalCode', 'parsedJson']).orderBy('id').execute(),
    )
    expect(rows.map((row) => [row.fiscalCode, row.parsedJson === null])).toEqual([
      [inventedCode(4), true],
      [inventedCode(5), false],
    ])
  })

  it('keep one place in the albo after a merge, whatever file comes', async () => {
    await office.raise([member(6)])
    const [enrolled, survivor] = [await idOf(inventedCode(6)), await make(901, 'Uno Ada')]
    await merge(survivor, enrolled, {
      name: 'other',
      fiscalCode: 'other',
      category: 'other',
      email: 'other',
      address: 'other',
    })
    const { id, differences } = await pending(6, { causale: 'Tessera', amountCents: cents(100) })
    expect(differences).toMatchObject({ fields: [] })
    await office.confirm(id)
    expect((await card(survivor)).albo).toHaveLength(1)
  })

  it('who was erased comes back with a register, is told before, and goes again with its undo', async () => {
    const id = await settled(4)
    await erase(id)
    expect(await list('00004')).toEqual([])
    const summary = await pending(4, { causale: 'Tessera' })
    expect(summary.problems.first.map((p) => p.code)).toContain('PERSON_BACK')
    await office.confirm(summary.id)
    const [back] = await list('00004')
    expect(back).toMatchObject({ id, erasedAt: null, email: 'socio4@example.it' })
    await undo(summary.id)
    const [gone] = await list('00004', { state: 'erased' })
    expect(gone).toMatchObject({ id, email: null })
    expect((await card(id)).contacts).toEqual([])
  })

  it('is not erased while a file that names it waits', async () => {
    const id = await settled(4)
    const waiting = await pending(4, { causale: 'Tessera' })
    expect((await call(person.erasePreview, { id }, ask())).blocked[0]).toContain('importazione')
    expect(await refused(erase(id))).toBe('ERASE_BLOCKED')
    await call(registerImport.discard, { id: waiting.id }, ask())
    expect(await erase(id)).toEqual({ wholly: false })
  })

  it('whom no book names leaves no code behind', async () => {
    const { id: imported } = await office.raise([member(4)])
    const id = await idOf(inventedCode(4))
    await undo(imported)
    expect((await card(id)).dues).toHaveLength(1)
    const gone = await make(955, 'Breve Ugo')
    await office.context.ledger.write(
      { command: 'test', operator: 'prova', payload: {}, at: office.context.clock.now() },
      (db) =>
        db
          .updateTable('importRow')
          .set({ fiscalCode: inventedCode(955) })
          .execute(),
    )
    expect(await erase(gone)).toEqual({ wholly: true })
    const rows = await office.context.ledger.read((db) => db.selectFrom('importRow').selectAll().execute())
    expect(JSON.stringify(rows)).not.toContain(inventedCode(955))
  })

  it('an import is taken back although one whom it brought was merged since', async () => {
    const survivor = await make(901, 'Uno Ada')
    await mail(survivor, 'uno@example.it')
    const { id: imported } = await office.raise([member(4)])
    const brought = await idOf(inventedCode(4))
    await merge(survivor, brought, { email: 'other', fiscalCode: 'other' })
    const preview = await call(registerImport.undoPreview, { id: imported }, ask())
    expect(preview.people).toEqual({ removed: 0, restored: 0 })
    await undo(imported)
    expect((await card(survivor)).dues.map((d) => d.state)).toEqual(['cancelled'])
    await separate(brought)
    expect(await mails(survivor)).toEqual(['uno@example.it'])
    expect((await card(survivor)).person.fiscalCode).toBe(inventedCode(901))
    expect((await card(brought)).person.fiscalCode).toBe(inventedCode(4))
  })
})
