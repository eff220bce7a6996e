import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { call } from '@orpc/server'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { xlsxBytes } from '#codecs/xlsx-write'
import type { AlboProfileId } from '#domain/albo-profile'
import type { Id } from '#domain/brand'
import type { FiscalCode } from '#domain/fiscal-code'
import { albo } from '#services/albo'
import { alboDestination } from '#services/albo-destination'
import { alboSent } from '#services/albo-sent'
import { makeList, openAlboSender } from '#services/albo-write-back'
import { dashboard } from '#services/dashboard'
import { reversale } from '#services/reversale'
import { inventedCode } from './office.ts'
import { inBothOffices } from './support/both-offices.ts'
import { type CollectionOffice, causaleOf, flowOf } from './support/collection-office.ts'
import { refused } from './support/own-office.ts'

inBothOffices('lists for the Albo', (open) => {
  let office: CollectionOffice
  beforeEach(async () => {
    office = await open()
    day = 10
  })
  afterEach(async () => {
    expect(await office.equations()).toEqual([])
    await office.close()
  })

  const ctx = () => ({ context: office.ctx })
  let day: number

  /** New quotas, by the key of the register outside, of people with a code; paid whole and posted. */
  async function pay(...quotas: readonly (readonly [reference: string, cents: number])[]) {
    const owed = []
    for (const [externalReference, amount] of quotas) {
      owed.push([(await office.quota(amount, { externalReference })).iuv, amount] as const)
    }
    await office.write(async (db) => {
      const people = await db.selectFrom('person').where('fiscalCode', 'is', null).select('id').execute()
      for (const { id } of people) {
        const fiscalCode: FiscalCode = inventedCode(Number(id))
        await db.updateTable('person').set({ fiscalCode }).where('id', '=', id).execute()
      }
    })
    await collect(owed)
  }
  async function collect(owed: readonly (readonly [string, number])[]) {
    day += 1
    const id = `2026-03-${day}AAAAITM1XXX-0001`
    await office.importFlows(flowOf(id, owed))
    await office.loadStatement([[id.slice(0, 10), owed.reduce((all, [, amount]) => all + amount, 0), causaleOf(id)]])
    await office.postAll()
  }
  const annul = (number: number) =>
    call(reversale.annul, { id: (2026000000 + number) as Id<'reversale'>, reason: 'debitore sbagliato' }, ctx())

  /** A destination in a new folder of its own. */
  async function toFolder(name: string, more: { profile?: AlboProfileId; automatic?: boolean } = {}) {
    const { path, token } = await office.folder(name)
    const saved = await call(
      alboDestination.save,
      {
        ...{ id: null, name, profile: more.profile ?? 'albo-isi', way: 'folder', folder: token },
        ...{ fileAccountId: null, automatic: more.automatic ?? false },
      },
      ctx(),
    )
    return { id: saved.id, path, token, saved, files: () => readdirSync(path).toSorted() }
  }
  const send = (destinationId: Id<'alboDestination'>) => call(alboSent.send, { destinationId }, ctx())
  const linesOf = (path: string) => readFileSync(path, 'utf8').replace('\uFEFF', '').trimEnd().split('\r\n').slice(1)
  const states = async () =>
    (await call(alboSent.list, { filters: {}, sort: { column: 'fileName', direction: 'asc' } }, ctx())).rows.map(
      (r) => `${r.fileName}: ${r.state}`,
    )
  const rowsOf = async (id: Id<'alboExport'>) =>
    (await allRows(id)).map((r) => [r.externalReference, r.what, r.cents, r.outcome, r.again])
  const allRows = async (id: Id<'alboExport'>) => {
    const sort = { column: 'ordinal', direction: 'asc' } as const
    return (await call(alboSent.rows, { filters: { id }, sort, limit: 500 }, ctx())).rows
  }
  const stateOf = async (id: Id<'alboExport'>) =>
    (await call(alboSent.list, { filters: {} }, ctx())).rows.find((r) => r.id === id)?.state
  const answer = (id: Id<'alboExport'>, ...refusedRows: readonly number[]) =>
    call(alboSent.answer, { id, refused: refusedRows.map((ordinal) => ({ ordinal, reason: 'Anno chiuso' })) }, ctx())
  const looked = async () => {
    const sender = openAlboSender(office.ctx)
    await sender.look()
    await sender.close()
  }
  const later = (minutes: number) => {
    office.clock.ms += minutes * 60_000
  }

  test('what was collected goes out once, in the form of its Albo; what is annulled after goes out as withdrawn', async () => {
    const isi = await toFolder('isi')
    await expect(send(isi.id)).rejects.toMatchObject(refused('ALBO_NOTHING_NEW'))
    await pay(['Q1', 5000], ['Q2', 123_456])
    const list = await send(isi.id)
    expect(list).toMatchObject({ state: 'sent', rows: 2, cents: 128_456, attempts: 1, destination: 'isi' })
    expect(isi.files()).toEqual(['INCASSI_20260315_1.csv'])
    const [q1, q2] = linesOf(join(isi.path, 'INCASSI_20260315_1.csv'))
    expect(q1).toBe(`Q1;;${inventedCode(1)};2026;S;11/03/2026;50,00`)
    expect(q2).toBe(`Q2;;${inventedCode(2)};2026;S;11/03/2026;1.234,56`)
    await expect(send(isi.id)).rejects.toMatchObject(refused('ALBO_NOTHING_NEW'))
    await annul(1)
    expect(await send(isi.id)).toMatchObject({ rows: 2, cents: 0, withdrawnCents: 128_456 })
    expect(linesOf(join(isi.path, 'INCASSI_20260315_2.csv'))[0]).toContain(';N;11/03/2026;50,00')
    // Issued again as it was: told once more, since it was withdrawn.
    await office.postAll()
    expect(await send(isi.id)).toMatchObject({ rows: 2, cents: 128_456 })
  })

  test('each Albo has its own columns, words, dates and amounts; the same rows give the same bytes', async () => {
    await pay(['Q1', 123_456])
    const code = inventedCode(1)
    const first = async (profile: AlboProfileId) => {
      const { id, path } = await toFolder(profile, { profile })
      const { fileName } = await send(id)
      return linesOf(join(path, fileName))[0]
    }
    expect(await first('albo-unico-opi')).toBe(`${code};;2026;1234.56;2026-03-${day};PAGATA`)
    expect(await first('sferabit')).toBe(`Q1\t${code}\t2026\tQuota 2026\t123456\t2026-03-${day}\t1`)
    const neutral = await toFolder('neutro', { profile: 'neutro' })
    const { fileName, sha256, id } = await send(neutral.id)
    expect(fileName).toBe('incassi-20260315-1.xlsx')
    const saved = await call(alboSent.file, { id }, ctx())
    const bytes = await (await office.files.open(saved.token)).bytes()
    expect(Buffer.from(bytes).equals(readFileSync(join(neutral.path, fileName)))).toBe(true)
    expect(sha256).toMatch(/^[0-9a-f]{64}$/)
  })

  test('two destinations have marks of their own, and none moves that of the lists handed over by hand', async () => {
    const [one, two] = [await toFolder('uno'), await toFolder('due')]
    await pay(['Q1', 5000])
    await send(one.id)
    await pay(['Q2', 6000])
    expect(await send(one.id)).toMatchObject({ rows: 1, cents: 6000 })
    expect(await send(two.id)).toMatchObject({ rows: 2, cents: 11_000 })
    expect((await call(albo.list, { filters: { onlyNew: true } }, ctx())).count).toBe(2)
    const all = await call(alboDestination.list, undefined, ctx())
    expect(all.map((d) => [d.name, d.waiting])).toEqual([
      ['due', 0],
      ['uno', 0],
    ])
    await pay(['Q3', 7000])
    expect((await call(alboDestination.list, undefined, ctx())).map((d) => d.waiting)).toEqual([1, 1])
  })

  test('a destination may begin where the lists handed over by hand have come', async () => {
    await pay(['Q1', 5000])
    const columns = [{ key: 'personName', heading: 'Nome' }]
    await call(albo.handOver, { format: 'csv', title: 'Chi ha pagato', filters: {}, columns }, ctx())
    const { token, path } = await office.folder('isi')
    const values = { id: null, profile: 'albo-isi', way: 'folder', folder: token, fileAccountId: null } as const
    const isi = await call(alboDestination.save, { ...values, name: 'isi', automatic: true, from: 'handedOver' }, ctx())
    expect(isi.waiting).toBe(0)
    await pay(['Q2', 6000])
    const news = await call(albo.list, { filters: { onlyNew: true, destinationId: isi.id } }, ctx())
    expect(news.rows.map((r) => r.externalReference)).toEqual(['Q2'])
    await annul(1)
    await looked()
    expect(linesOf(join(path, 'INCASSI_20260315_1.csv')).map((line) => line.split(';').slice(0, 5).join(';'))).toEqual([
      `Q1;;${inventedCode(1)};2026;N`,
      `Q2;;${inventedCode(2)};2026;S`,
    ])
  })

  test('stopped between the write and the file, it goes on: nothing twice, nothing lost', async () => {
    const isi = await toFolder('isi', { automatic: true })
    await pay(['Q1', 5000])
    // Killed here: the list is made, its file is not out.
    await makeList(office.ctx, isi.id)
    expect(isi.files()).toEqual([])
    await looked()
    expect(isi.files()).toEqual(['INCASSI_20260315_1.csv'])
    // Killed after the file was written, before that was: the same file is found, and is the list that was sent.
    await office.write((db) => db.updateTable('alboExportFile').set({ state: 'waiting', sentAt: null }).execute())
    const before = readFileSync(join(isi.path, 'INCASSI_20260315_1.csv'))
    await looked()
    expect(await states()).toEqual(['INCASSI_20260315_1.csv: sent'])
    expect(isi.files()).toEqual(['INCASSI_20260315_1.csv'])
    expect(readFileSync(join(isi.path, 'INCASSI_20260315_1.csv')).equals(before)).toBe(true)
  })

  test('an automatic destination sends by itself after each posting, once, and leaves the others to the person', async () => {
    const [auto, byHand] = [await toFolder('auto', { automatic: true }), await toFolder('a-mano')]
    const sender = openAlboSender(office.ctx)
    try {
      await sender.look()
      expect(auto.files()).toEqual([])
      await pay(['Q1', 5000])
      await Promise.all([sender.look(), sender.look()])
      expect(auto.files()).toEqual(['INCASSI_20260315_1.csv'])
      // Annulled and issued again: the Albo knows it already.
      await annul(1)
      await office.postAll()
      await sender.look()
      await sender.look()
      expect(auto.files()).toEqual(['INCASSI_20260315_1.csv'])
      await pay(['Q2', 6000])
      await sender.look()
      expect(linesOf(join(auto.path, 'INCASSI_20260315_2.csv'))).toHaveLength(1)
      expect(byHand.files()).toEqual([])
    } finally {
      await sender.close()
    }
  })

  test('a folder that is away: it waits longer and longer, later lists do not overtake, and all leave in order', async () => {
    const isi = await toFolder('isi', { automatic: true })
    await pay(['Q1', 5000])
    renameSync(isi.path, `${isi.path}-staccata`)
    await looked()
    const [first] = (await call(alboSent.list, { filters: {} }, ctx())).rows
    expect(first).toMatchObject({ state: 'waiting', attempts: 1, reason: expect.stringMatching(/non esiste/) })
    await looked()
    expect((await call(alboSent.list, { filters: {} }, ctx())).rows[0]).toMatchObject({ attempts: 1 })
    await annul(1)
    await looked()
    expect(await states()).toEqual(['INCASSI_20260315_1.csv: waiting', 'INCASSI_20260315_2.csv: waiting'])
    for (const minutes of [1, 5, 15, 60, 180, 720]) {
      later(minutes)
      await looked()
    }
    // It gave up: it is said among the things to do, and waits for the person.
    expect(await states()).toEqual(['INCASSI_20260315_1.csv: failed', 'INCASSI_20260315_2.csv: waiting'])
    const { todo } = await call(dashboard.get, { exercise: 2026 }, ctx())
    expect(todo.find((t) => t.kind === 'albo')).toMatchObject({ title: '1 lista per l’Albo non partita' })
    later(100_000)
    await looked()
    renameSync(`${isi.path}-staccata`, isi.path)
    await looked()
    expect(isi.files()).toEqual([])
    await call(alboSent.retry, { id: first?.id as Id<'alboExport'> }, ctx())
    expect(isi.files()).toEqual(['INCASSI_20260315_1.csv', 'INCASSI_20260315_2.csv'])
    expect(await states()).toEqual(['INCASSI_20260315_1.csv: sent', 'INCASSI_20260315_2.csv: sent'])
    const after = await call(dashboard.get, { exercise: 2026 }, ctx())
    expect(after.todo.find((t) => t.kind === 'albo')).toBeUndefined()
  })

  test('another file under that name is never touched: the person moves it, then the list leaves', async () => {
    const isi = await toFolder('isi')
    await pay(['Q1', 5000])
    const place = join(isi.path, 'INCASSI_20260315_1.csv')
    writeFileSync(place, 'di un altro')
    const list = await send(isi.id)
    expect(list).toMatchObject({ state: 'failed', reason: expect.stringContaining('un altro file') })
    expect(readFileSync(place, 'utf8')).toBe('di un altro')
    rmSync(place)
    expect(await call(alboSent.retry, { id: list.id }, ctx())).toMatchObject({ state: 'sent', reason: null })
  })

  test('refused rows come again in the next list, once; accepted ones never', async () => {
    const isi = await toFolder('isi', { automatic: true })
    await pay(['Q1', 5000], ['Q2', 6000], ['Q3', 7000])
    const first = await send(isi.id)
    expect(await answer(first.id, 2)).toMatchObject({ state: 'partlyAccepted', accepted: 2, refused: 1 })
    // Not by themselves, before anybody has seen why: with what is new, or when a person sends.
    await looked()
    expect(isi.files()).toHaveLength(1)
    const { todo } = await call(dashboard.get, { exercise: 2026 }, ctx())
    expect(todo.find((t) => t.kind === 'alboRefused')).toMatchObject({ title: '1 quota rifiutata dall’Albo' })
    expect(await send(isi.id)).toMatchObject({ rows: 1, cents: 6000 })
    expect(linesOf(join(isi.path, 'INCASSI_20260315_2.csv')).map((line) => line.split(';')[0])).toEqual(['Q2'])
    expect(await rowsOf(first.id)).toEqual([
      ['Q1', 'paid', 5000, 'accepted', false],
      ['Q2', 'paid', 6000, 'refused', true],
      ['Q3', 'paid', 7000, 'accepted', false],
    ])
    const after = await call(dashboard.get, { exercise: 2026 }, ctx())
    expect(after.todo.find((t) => t.kind === 'alboRefused')).toBeUndefined()
    await expect(send(isi.id)).rejects.toMatchObject(refused('ALBO_NOTHING_NEW'))
    expect(await answer(first.id)).toMatchObject({ state: 'partlyAccepted' })
    const [second] = (await call(alboSent.list, { filters: {} }, ctx())).rows
    await answer(second?.id as Id<'alboExport'>, 1)
    await pay(['Q4', 8000])
    await looked()
    expect(linesOf(join(isi.path, 'INCASSI_20260315_3.csv')).map((line) => line.split(';')[0])).toEqual(['Q2', 'Q4'])
  })

  test('refused and then annulled: there is nothing to tell; a refused withdrawal is told again', async () => {
    const isi = await toFolder('isi')
    await pay(['Q1', 5000])
    const first = await send(isi.id)
    await answer(first.id, 1)
    await annul(1)
    await expect(send(isi.id)).rejects.toMatchObject(refused('ALBO_NOTHING_NEW'))
    await pay(['Q2', 6000])
    // What was annulled was collected anew with the posting.
    const second = await send(isi.id)
    expect((await rowsOf(second.id)).map((r) => r.slice(0, 3))).toEqual([
      ['Q1', 'paid', 5000],
      ['Q2', 'paid', 6000],
    ])
    await annul(2)
    const third = await send(isi.id)
    expect((await rowsOf(third.id)).map((r) => r.slice(0, 3))).toEqual([['Q1', 'withdrawn', 5000]])
    expect(await answer(third.id, 1)).toMatchObject({ state: 'refused' })
    const fourth = await send(isi.id)
    expect((await rowsOf(fourth.id)).map((r) => r.slice(0, 3))).toEqual([['Q1', 'withdrawn', 5000]])
  })

  test('a reply is read by the key of its rows; what is not sure is told and left without an answer', async () => {
    const isi = await toFolder('isi')
    await pay(['Q1', 5000], ['Q2', 6000], ['Q3', 7000], ['Q4', 8000])
    const { id } = await send(isi.id)
    const reply = async (text: string) =>
      call(alboSent.answerFile, { id, token: await office.upload('esiti.csv', new TextEncoder().encode(text)) }, ctx())
    await expect(reply('Nome;Importo\nRossi;1\n')).rejects.toMatchObject(refused('ALBO_REPLY_HEADINGS'))
    await expect(reply('ID_QUOTA;ESITO;MOTIVO\nQ1;;\n')).rejects.toMatchObject(refused('ALBO_REPLY_EMPTY'))
    await expect(reply('ID_QUOTA;ESITO;MOTIVO\nQ99;OK;\n')).rejects.toMatchObject(refused('ALBO_REPLY_UNKNOWN'))
    expect((await rowsOf(id)).map((r) => r[3])).toEqual(['none', 'none', 'none', 'none'])
    const answered = await reply(
      'Esiti del 16/03\n\nID_QUOTA;ESITO;MOTIVO\nq1;ok;\nQ2;KO;Iscritto cancellato\nQ3;forse;\nQ4;OK;\nQ4;KO;\nQ99;OK;\n',
    )
    expect(answered).toMatchObject({ state: 'partlyAccepted', accepted: 1, refused: 1 })
    expect(answered.problems.first.map((p) => [p.code, p.position?.row, p.severity])).toEqual([
      ['ALBO_REPLY_OUTCOME', 6, 'warning'],
      ['ALBO_REPLY_TWICE', 8, 'warning'],
      ['ALBO_REPLY_UNKNOWN', 9, 'warning'],
    ])
    expect((await allRows(id)).map((r) => [r.outcome, r.reason])).toEqual([
      ['accepted', null],
      ['refused', 'Iscritto cancellato'],
      ['none', null],
      ['none', null],
    ])
    await send(isi.id)
    await expect(reply('ID_QUOTA;ESITO;MOTIVO\nQ2;OK;\n')).rejects.toMatchObject(refused('ALBO_LIST_ANSWERED'))
  })

  test('a reply by fiscal code and year, from a workbook; two quotas of one year are not told apart', async () => {
    const opi = await toFolder('opi', { profile: 'ordinep' })
    await pay(['Q1', 5000], ['Q2', 6000])
    const owner = await office.ledger.read((db) =>
      db.selectFrom('accertamento').where('externalReference', '=', 'Q2').select('id').executeTakeFirstOrThrow(),
    )
    const more = await office.raise(1000, { sameAs: owner.id, externalReference: 'Q3' })
    await collect([[(await office.issue({ single: [{ accertamentoId: more, cents: 1000 }] })).iuvs[0] as string, 1000]])
    const { id } = await send(opi.id)
    const columns = ['Cod. Fisc.', 'Anno quota', 'Esito', 'Motivo'].map((heading) => ({
      heading,
      kind: 'text' as const,
    }))
    const rows = [
      [inventedCode(1), '2025', 'OK', ''],
      [inventedCode(1), '2026', 'SCARTATO', ''],
      [inventedCode(2), '2026', 'OK', ''],
    ]
    const bytes = await xlsxBytes([{ name: 'Esiti', columns, rows }], { createdAt: office.clock.now() })
    const answered = await call(alboSent.answerFile, { id, token: await office.upload('esiti.xlsx', bytes) }, ctx())
    expect(answered).toMatchObject({ accepted: 0, refused: 1 })
    expect(answered.problems.first.map((p) => p.code)).toEqual(['ALBO_REPLY_UNKNOWN', 'ALBO_REPLY_MANY'])
  })

  test('a key that looks like a formula is harmless in the file, and known in the reply', async () => {
    const isi = await toFolder('isi')
    await pay(['=HYPERLINK("x")', 5000])
    const { id, fileName } = await send(isi.id)
    expect(linesOf(join(isi.path, fileName))[0]).toMatch(/^"'=HYPERLINK/)
    const text = `ID_QUOTA;ESITO;MOTIVO\n"'=HYPERLINK(""x"")";OK;\n`
    const token = await office.upload('esiti.csv', new TextEncoder().encode(text))
    expect(await call(alboSent.answerFile, { id, token }, ctx())).toMatchObject({ state: 'accepted' })
  })

  test('one for download waits for the person: saved, it is sent', async () => {
    const values = { name: 'A mano', profile: 'neutro', way: 'download', folder: null, fileAccountId: null } as const
    const { id: destination, automatic } = await call(
      alboDestination.save,
      { id: null, ...values, automatic: true },
      ctx(),
    )
    expect(automatic).toBe(false)
    await pay(['Q1', 5000])
    const { id, state } = await send(destination)
    expect(state).toBe('waiting')
    await looked()
    expect(await stateOf(id)).toBe('waiting')
    await call(alboSent.file, { id }, ctx())
    expect(await stateOf(id)).toBe('sent')
  })

  test('a destination taken away sends nothing more, and its lists stay in the log', async () => {
    const isi = await toFolder('isi', { automatic: true })
    await pay(['Q1', 5000])
    await makeList(office.ctx, isi.id)
    await call(alboDestination.remove, { id: isi.id }, ctx())
    await looked()
    expect(isi.files()).toEqual([])
    expect(await states()).toEqual(['INCASSI_20260315_1.csv: waiting'])
    await expect(send(isi.id)).rejects.toMatchObject(refused('ALBO_DESTINATION_GONE'))
    // The name is free again.
    await call(
      alboDestination.save,
      {
        ...{ id: null, name: 'isi', profile: 'neutro', way: 'download', folder: null },
        ...{ fileAccountId: null, automatic: false },
      },
      ctx(),
    )
  })

  test('a place is tried by writing and taking away; two destinations have no name in common', async () => {
    const isi = await toFolder('isi')
    const tried = () =>
      call(alboDestination.test, { way: 'folder', folder: isi.token, fileAccountId: null }, ctx()).then((r) => r.steps)
    expect(await tried()).toMatchObject([{ ok: true }])
    expect(isi.files()).toEqual([])
    rmSync(isi.path, { recursive: true })
    expect(await tried()).toMatchObject([{ ok: false, text: expect.stringMatching(/non esiste/) }])
    const again = { id: null, name: 'ISI', profile: 'neutro', way: 'folder', automatic: false } as const
    await expect(
      call(alboDestination.save, { ...again, folder: isi.token, fileAccountId: null }, ctx()),
    ).rejects.toMatchObject(refused('ALBO_DESTINATION_NAME'))
    await expect(
      call(alboDestination.save, { ...again, name: 'Altra', folder: null, fileAccountId: null }, ctx()),
    ).rejects.toMatchObject(refused('ALBO_DESTINATION_PLACE'))
  })

  test('what a list told cannot be rewritten or taken away', async () => {
    const isi = await toFolder('isi')
    await pay(['Q1', 5000])
    const { id } = await send(isi.id)
    await expect(
      office.write((db) =>
        db
          .updateTable('alboExportFile')
          .set({ sha256: 'x'.repeat(64) as never })
          .execute(),
      ),
    ).rejects.toThrow()
    await expect(
      office.write((db) =>
        db
          .updateTable('alboExportRow')
          .set({ cents: 1 as never })
          .execute(),
      ),
    ).rejects.toThrow()
    await expect(office.write((db) => db.deleteFrom('alboExportRow').execute())).rejects.toThrow()
    expect(await rowsOf(id)).toEqual([['Q1', 'paid', 5000, 'none', false]])
  })
})
