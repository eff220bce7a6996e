import { expect, test } from 'vitest'
import { cents } from '#domain/money'
import { composeNoticeNumber } from '#domain/notice-number'
import { approveExercise, closeExercise, reopenExercise } from '#ledger/closing'
import type { WriteHandle } from '#ledger/ledger'
import { onBothEngines } from './support/both-engines.ts'
import { AT, command, makeOffice, type Office } from './support/office.ts'

async function importOfTwo(db: WriteHandle, sha: string) {
  const created = await db
    .insertInto('registerImport')
    .values({
      fileName: 'quote.xlsx',
      sha256: sha.repeat(64) as never,
      profile: 'tracciato',
      purpose: 'dues',
      state: 'reading',
      rowCount: 1,
      goodCount: 1,
      errorCount: 0,
      warningCount: 0,
      alreadyCount: 0,
      totalCents: cents(100),
      createdPeople: 0,
      createdContacts: 0,
      createdAlboEntries: 0,
      updatedPeople: 0,
      at: AT,
      operator: 'prova',
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db
    .insertInto('importRow')
    .values({
      importId: created.id,
      sheet: 'Quote',
      rowNumber: 2,
      rawJson: '[]',
      parsedJson: null,
      externalReference: 'RIF-1',
      problemsJson: '[]',
      status: 'good',
      cents: cents(100),
      accertamentoId: null,
      ticked: 0,
      live: 0,
      leftOut: 0,
    })
    .execute()
  return created.id
}

async function position(db: WriteHandle, office: Office) {
  const row = await db
    .insertInto('debtPosition')
    .values({
      personId: office.person,
      issuanceId: null,
      lifecycle: 'issued',
      currentVersion: 1,
      payment: 'unpaid',
      nodeState: null,
      syncState: 'none',
      cancelledAt: null,
      cancelReason: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await db
    .insertInto('debtPositionVersion')
    .values({ debtPositionId: row.id, version: 1, iupd: `IUPD${row.id}`, reason: 'emissione', createdAt: AT })
    .execute()
  const option = await db
    .insertInto('paymentOption')
    .values({ debtPositionId: row.id, version: 1, kind: 'single', description: 'Quota' })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { positionId: row.id, optionId: option.id }
}

onBothEngines('rows that move through states', (bench) => {
  test('an import: free while pending, fixed once confirmed, its references free again after the undo', async () => {
    const ledger = await bench.open()
    const [one, two] = await ledger.write(command(), async (db) => [
      await importOfTwo(db, 'a'),
      await importOfTwo(db, 'b'),
    ])
    const confirm = (id: typeof one) =>
      ledger.write(command(), async (db) => {
        await db
          .updateTable('importRow')
          .set({ live: 1 })
          .where('importId', '=', id as never)
          .execute()
        await db
          .updateTable('registerImport')
          .set({ state: 'confirmed' })
          .where('id', '=', id as never)
          .execute()
      })
    await confirm(one)
    const change = ledger.write(command(), (db) =>
      db
        .updateTable('importRow')
        .set({ cents: cents(1) })
        .where('importId', '=', one as never)
        .execute(),
    )
    await expect(change).rejects.toThrow('L’importazione è confermata')
    await expect(
      ledger.write(command(), (db) =>
        db
          .deleteFrom('importRow')
          .where('importId', '=', one as never)
          .execute(),
      ),
    ).rejects.toThrow('L’importazione è confermata')
    await expect(confirm(two)).rejects.toThrow('C’è già una riga uguale')
    await ledger.write(command(), async (db) => {
      await db
        .updateTable('importRow')
        .set({ live: 0 })
        .where('importId', '=', one as never)
        .execute()
      await db
        .updateTable('registerImport')
        .set({ state: 'undone' })
        .where('id', '=', one as never)
        .execute()
    })
    await confirm(two)
    await expect(
      ledger.write(command(), (db) =>
        db
          .updateTable('registerImport')
          .set({ state: 'pending' })
          .where('id', '=', two as never)
          .execute(),
      ),
    ).rejects.toThrow('L’importazione è confermata')
  })

  test('a discarded import leaves nothing behind', async () => {
    const ledger = await bench.open()
    await ledger.write(command(), async (db) => {
      const id = await importOfTwo(db, 'a')
      await db.deleteFrom('importRow').where('importId', '=', id).execute()
      await db.deleteFrom('registerImport').where('id', '=', id).execute()
    })
    expect(await ledger.read((db) => db.selectFrom('importRow').select('id').execute())).toEqual([])
  })

  test('the IUV of one position cannot be put on another, nor a version go back', async () => {
    const ledger = await bench.open()
    const office = await makeOffice(ledger)
    const made = await ledger.write(command(), async (db) => {
      const first = await position(db, office)
      const second = await position(db, office)
      const number = composeNoticeNumber('01' as never, 1_920_000_000_000)
      await db
        .insertInto('iuvAssignment')
        .values({ ...number, base: 1_920_000_000_000, origin: 'own', debtPositionId: first.positionId, at: AT })
        .execute()
      return { first, second, iuv: number.iuv }
    })
    const put = (optionId: typeof made.first.optionId) =>
      ledger.write(command(), (db) =>
        db
          .insertInto('installment')
          .values({
            paymentOptionId: optionId,
            ordinal: 1,
            iuv: made.iuv,
            cents: cents(100),
            dueDate: null,
            description: 'Quota',
          })
          .execute(),
      )
    await expect(put(made.second.optionId)).rejects.toThrow('Lo IUV appartiene a un’altra posizione')
    await put(made.first.optionId)
    const back = ledger.write(command(), (db) =>
      db.updateTable('debtPosition').set({ currentVersion: 0 }).where('id', '=', made.first.positionId).execute(),
    )
    await expect(back).rejects.toThrow('non si modifica')
  })

  test('an approved exercise never changes, a closed one can be reopened', async () => {
    const ledger = await bench.open()
    await makeOffice(ledger)
    const close = (year: number) =>
      ledger.write(command(), (db) => closeExercise(db, year, { at: AT, operator: 'prova' }))
    await close(2026)
    await ledger.write(command(), (db) => reopenExercise(db, 2026, AT))
    await close(2026)
    await ledger.write(command(), (db) => approveExercise(db, 2026))
    const again = ledger.write(command(), (db) => reopenExercise(db, 2026, AT))
    await expect(again).rejects.toThrow('Il rendiconto dell’esercizio è approvato')
  })
})
