import { call } from '@orpc/server'
import { expect, test } from 'vitest'
import type { Id } from '#domain/brand'
import { cents } from '#domain/money'
import { quietanza } from '#services/quietanza'
import { reversale } from '#services/reversale'
import { pageTexts } from '../codecs/pdf-tools.ts'
import { causaleOf, flowOf } from './support/collection-office.ts'
import { anOfficeForEachTest, office } from './support/own-office.ts'

const F1 = '2026-03-11AAAAITM1XXX-0001'

anOfficeForEachTest()

const context = () => ({ context: office.ctx })

/** The words of the only quietanza, blanks as one. */
async function words(): Promise<string> {
  const { rows } = await call(quietanza.list, { filters: { exercise: 2026 } }, context())
  expect(rows).toHaveLength(1)
  const file = await call(quietanza.pdf, { id: (rows[0] as (typeof rows)[number]).id }, context())
  return (await pageTexts(new Uint8Array(await file.arrayBuffer()))).join(' ').replace(/\s+/g, ' ')
}

/** The second of three instalments, reported and credited. */
async function secondInstalment(): Promise<string> {
  const accertamentoId = await office.raise(9000)
  const part = [{ accertamentoId, cents: 3000 }]
  const { iuvs } = await office.issue({ single: [{ accertamentoId, cents: 9000 }], plan: [part, part, part] })
  const iuv = iuvs[2] as string
  await office.importFlows(flowOf(F1, [[iuv, 3000]]))
  await office.loadStatement([['2026-03-12', 3000, causaleOf(F1)]])
  await office.postAll()
  return iuv
}

test('from the flow: instalment, day, PSP, IUR, flow, credit and reversale', async () => {
  const iuv = await secondInstalment()
  const text = await words()
  for (const field of [
    'Quietanza n. 2026/1-1',
    'Ricevuto da: Persona 001',
    'Rata: 2 di 3',
    'Pagato il: 11/03/2026',
    'Tramite: PSP Alfa',
    'Accreditato il: 12/03/2026',
    `Identificativo di versamento (IUV): ${iuv}`,
    `Identificativo di riscossione (IUR): IUR${iuv}`,
    `Flusso di rendicontazione: ${F1}`,
    'Reversale d’incasso: n. 1 del 12/03/2026, esercizio 2026',
    'trenta/00 euro',
  ]) {
    expect(text).toContain(field)
  }
  expect(text).not.toContain('Pagato da')
})

test('from the receipt: its PSP, its day, its IUR, and who paid only where it is somebody else', async () => {
  const accertamentoId = await office.raise(5000)
  const { iuvs } = await office.issue({ single: [{ accertamentoId, cents: 5000 }] })
  const iuv = iuvs[0] as string
  await office.importFlows(flowOf(F1, [[iuv, 5000]]))
  await office.loadStatement([['2026-03-12', 5000, causaleOf(F1)]])
  await office.postAll()
  const receipt = (n: number, payerName: string, ok: 0 | 1) => ({
    ...{ iuv, iur: `RT-${n}`, noticeNumber: null, ok, cents: cents(5000), paidAt: '2026-03-10T22:15:00' },
    ...{ pspCode: 'AAAAITM1', pspName: 'Banca Alfa S.p.A.', payerFiscalCode: null, payerName },
    ...{ debtorFiscalCode: null, debtorName: null, feeCents: null, fileName: null },
    ...{ sha256: String(n).repeat(64).slice(0, 64), importedAt: office.clock.now() },
  })
  const insert = (row: ReturnType<typeof receipt>) =>
    office.write((db) => db.insertInto('receipt').values(row).execute())
  // A refused attempt says nothing.
  await insert(receipt(1, 'Qualcun Altro', 0))
  expect(await words()).not.toContain('Qualcun Altro')
  await insert(receipt(2, 'Studio Associato Inventati', 1))
  const text = await words()
  for (const field of [
    'Pagato da: Studio Associato Inventati',
    'Pagato il: 10/03/2026',
    'Tramite: Banca Alfa S.p.A.',
    'riscossione (IUR): RT-2',
  ]) {
    expect(text).toContain(field)
  }
  expect(text).not.toContain('Rata')
})

test('the debtor who pays is not told twice', async () => {
  const iuv = await secondInstalment()
  await office.write((db) =>
    db
      .insertInto('receipt')
      .values({
        ...{ iuv, iur: 'RT-1', noticeNumber: null, ok: 1, cents: cents(3000), paidAt: '2026-03-10T22:15:00' },
        ...{ pspCode: null, pspName: null, payerFiscalCode: null, payerName: 'PERSONA 001' },
        ...{ debtorFiscalCode: null, debtorName: null, feeCents: null, fileName: null },
        ...{ sha256: 'a'.repeat(64), importedAt: office.clock.now() },
      })
      .execute(),
  )
  const text = await words()
  expect(text).not.toContain('Pagato da')
  // The receipt has no name of the PSP: the flow's stands.
  expect(text).toContain('Tramite: PSP Alfa')
})

test('of two receipts of one notice it tells that of its own payment', async () => {
  const iuv = await secondInstalment()
  for (const [n, iur, payerName] of [
    [1, 'RT-DELL-ALTRO', 'Chi Pagò Per Secondo'],
    [2, `IUR${iuv}`, 'Studio Associato Inventati'],
  ] as const) {
    await office.write((db) =>
      db
        .insertInto('receipt')
        .values({
          ...{ iuv, iur, noticeNumber: null, ok: 1, cents: cents(3000), paidAt: '2026-03-10T22:15:00' },
          ...{ pspCode: null, pspName: null, payerFiscalCode: null, payerName },
          ...{ debtorFiscalCode: null, debtorName: null, feeCents: null, fileName: null },
          ...{ sha256: String(n).repeat(64), importedAt: office.clock.now() },
        })
        .execute(),
    )
  }
  const text = await words()
  expect(text).toContain('Pagato da: Studio Associato Inventati')
  expect(text).not.toContain('Chi Pagò')
})

test('annulled: its copy says so, with the reason; printed again it is the same bytes', async () => {
  await secondInstalment()
  const { rows } = await call(quietanza.list, { filters: { exercise: 2026 } }, context())
  const id = (rows[0] as (typeof rows)[number]).id
  const bytes = async () => new Uint8Array(await (await call(quietanza.pdf, { id }, context())).arrayBuffer())
  const first = await bytes()
  expect(Buffer.compare(first, await bytes())).toBe(0)
  const reversaleId = 2026_000_001 as Id<'reversale'>
  await call(reversale.annul, { id: reversaleId, reason: 'pagamento di un altro' }, context())
  const text = (await pageTexts(await bytes())).join(' ')
  expect(text).toContain('ANNULLATA il 15/03/2026. Motivo: pagamento di un altro')
})
