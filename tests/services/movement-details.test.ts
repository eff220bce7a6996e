import { call } from '@orpc/server'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Id } from '#domain/brand'
import type { Iban } from '#domain/iban'
import { bankStatement } from '#services/bank-statement'
import { reconciliation } from '#services/reconciliation'
import { reversale } from '#services/reversale'
import { type OpiRow, opiJournal } from '../codecs/statement-opi-samples.ts'
import { expectKeptBooksTrue } from '../ledger/support/kept-books.ts'
import { inBothOffices } from './support/both-offices.ts'
import { type CollectionOffice, causaleOf, flowOf } from './support/collection-office.ts'

const IBAN = 'IT60X0542811101000000123456' as Iban
const F1 = '2026-03-01ABCDITMM-0000001'

interface Entry {
  readonly day: string
  readonly cents: number
  readonly text: string
  readonly id?: string
  readonly reference?: string
  readonly reversal?: boolean
}

/** A day of camt.053 with what the bank writes apart from the causale. */
function camt(entries: readonly Entry[]): Uint8Array {
  const xml = entries.map(({ day, cents, text, id, reference, reversal }) => {
    const [debit, amount] = [cents < 0, (Math.abs(cents) / 100).toFixed(2)]
    return `<Ntry><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>${debit ? 'DBIT' : 'CRDT'}</CdtDbtInd>${reversal ? '<RvslInd>true</RvslInd>' : ''}<Sts>BOOK</Sts><BookgDt><Dt>${day}</Dt></BookgDt><BkTxCd><Prtry><Cd>48//00</Cd><Issr>CBI</Issr></Prtry></BkTxCd><NtryDtls><TxDtls><Refs>${id ? `<EndToEndId>${id}</EndToEndId>` : ''}${reference ? `<TxId>${reference}</TxId>` : ''}</Refs><RltdPties><Dbtr><Nm>PSP Betulla S.p.A.</Nm></Dbtr></RltdPties><RmtInf><Ustrd>${text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>`
  })
  return Buffer.from(
    `<?xml version="1.0"?><Document><BkToCstmrStmt><GrpHdr><MsgId>M</MsgId></GrpHdr><Stmt><Id>1</Id><Acct><Id><IBAN>${IBAN}</IBAN></Id></Acct>${xml.join('')}</Stmt></BkToCstmrStmt></Document>`,
  )
}

inBothOffices('what the bank writes apart', (open) => {
  let office: CollectionOffice
  beforeEach(async () => {
    office = await open()
    await office.write((db) => db.updateTable('bankAccount').set({ iban: IBAN }).execute())
  })
  afterEach(() => office.close())

  const ctx = () => ({ context: office.ctx })
  const load = async (content: Uint8Array | string, bankAccountId: Id<'bankAccount'> = office.account) => {
    const token = await office.upload('file', Buffer.from(content))
    return call(bankStatement.confirm, { token, bankAccountId }, ctx())
  }
  const found = async (search: string) =>
    (await call(bankStatement.movements, { filters: {}, search, limit: 500 }, ctx())).rows
  /** State of each movement as the tables say it, and that what the program remembers says the same. */
  const states = async () => {
    await expectKeptBooksTrue(office.ledger, office.clock.now())
    expect(await office.equations()).toEqual([])
    return (await found('')).map((m) => `${m.cents} ${m.label.code}`).sort()
  }

  test('payer, end-to-end id and code of the operation are kept, shown and searched', async () => {
    await load(
      camt([
        { day: '2026-03-02', cents: 18000, text: 'Quota Rossi', id: 'E2E-77', reference: 'TRN1' },
        { day: '2026-03-03', cents: -500, text: 'Commissioni', id: 'NOTPROVIDED' },
      ]),
    )
    expect(await found('betulla')).toMatchObject([
      { cents: 18000, counterparty: 'PSP Betulla S.p.A.', endToEndId: 'E2E-77', transactionCode: '48' },
    ])
    expect(await found('e2e-77')).toHaveLength(1)
    expect(await found('notprovided')).toEqual([])
    const table = await call(reconciliation.table, { view: 'ignored' }, ctx())
    expect(table.rows.find((row) => row.kind === 'credit')).toMatchObject({ counterparty: 'PSP Betulla S.p.A.' })
  })

  test('a row that waited keeps what was written apart when it is added', async () => {
    await load(camt([{ day: '2026-03-02', cents: 18000, text: 'Una causale', reference: 'TRN1' }]))
    const other = { day: '2026-03-02', cents: 18000, text: 'Altre parole', reference: 'TRN1', id: 'E2E-9' }
    expect(await load(camt([other]))).toMatchObject({ added: 0, pending: 1 })
    const { rows } = await call(bankStatement.pending, { filters: {} }, ctx())
    await call(bankStatement.decidePending, { ids: rows.map((r) => r.id), decision: 'add' }, ctx())
    expect(await found('e2e-9')).toMatchObject([
      { description: expect.stringMatching(/^Altre/), transactionCode: '48' },
    ])
  })

  /** A flow of one quota; the storno says nothing of it in its words. */
  async function flow() {
    const a = await office.quota(18000)
    await office.importFlows(flowOf(F1, [[a.iuv, 18000]]))
  }
  const credit = { day: '2026-03-02', cents: 18000, text: causaleOf(F1), id: 'E2E-77', reference: 'TRN1' }

  test.each([
    ['by its end-to-end id', { id: 'E2E-77', reference: 'TRN2' }],
    ['by its reference', { id: 'NOTPROVIDED', reference: 'TRN1' }],
  ])('a reversal of camt reopens what its credit closed, found %s, whichever comes first', async (_, how) => {
    await flow()
    const storno = camt([{ day: '2026-03-05', cents: -18000, text: 'RETTIFICA', reversal: true, ...how }])
    await load(camt([credit]))
    expect(await states()).toEqual(['18000 MATCHED_FLOW'])
    await load(storno)
    expect(await states()).toEqual(['-18000 STORNO', '18000 STORNED'])

    const other = await open()
    const first = office
    try {
      office = other
      await office.write((db) => db.updateTable('bankAccount').set({ iban: IBAN }).execute())
      await flow()
      await load(storno)
      expect(await states()).toEqual(['-18000 DEBIT'])
      await load(camt([credit]))
      expect(await states()).toEqual(['-18000 STORNO', '18000 STORNED'])
    } finally {
      office = first
      await other.close()
    }
  })

  test('a debit of the same id that is no reversal, or a reversal of another amount, takes nothing back', async () => {
    await flow()
    await load(
      camt([
        credit,
        { day: '2026-03-05', cents: -18000, text: 'BONIFICO DISPOSTO', id: 'E2E-77' },
        { day: '2026-03-06', cents: -17900, text: 'RETTIFICA', id: 'E2E-77', reversal: true },
        { day: '2026-03-01', cents: -18000, text: 'RETTIFICA DI PRIMA', id: 'E2E-77', reversal: true },
      ]),
    )
    expect(await states()).toEqual(['-17900 DEBIT', '-18000 DEBIT', '-18000 DEBIT', '18000 MATCHED_FLOW'])
  })

  const sospeso: OpiRow = { bolletta: 734, amount: '180.00', causale: causaleOf(F1) }
  const storno: OpiRow = {
    ...{ operation: 'STORNATO', bolletta: 801, storno: 734, amount: '180.00', day: '2026-03-04' },
    ...{ causale: 'STORNO SOSPESO', client: 'TESORIERE' },
  }

  test('a storno of the treasurer takes back the provvisorio that it names, whichever comes first', async () => {
    const treasury = await office.write((db) => office.addAccount(db, 'Tesoreria', 'treasury'))
    await flow()
    await load(opiJournal([storno]), treasury)
    expect(await states()).toEqual(['-18000 DEBIT'])
    await load(opiJournal([sospeso, { ...sospeso, bolletta: 735, amount: '180.00', causale: 'ALTRO' }]), treasury)
    expect(await states()).toEqual(['-18000 STORNO', '18000 NO_REFERENCE', '18000 STORNED'])
    expect((await found('psp di prova')).map((m) => m.endToEndId).sort()).toEqual(['E2E-1', 'E2E-2'])
  })

  test('a number that is corrected moves the storno to the credit that bears it now', async () => {
    const treasury = await office.write((db) => office.addAccount(db, 'Tesoreria', 'treasury'))
    await flow()
    await load(opiJournal([{ ...sospeso, bolletta: 999 }, storno]), treasury)
    expect(await states()).toEqual(['-18000 DEBIT', '18000 MATCHED_FLOW'])
    const bankMovementId = (await found('psp di prova'))[0]?.id as Id<'bankMovement'>
    await call(reversale.setProvvisorio, { bankMovementId, number: 734 }, ctx())
    expect(await states()).toEqual(['-18000 STORNO', '18000 STORNED'])
    await call(reversale.setProvvisorio, { bankMovementId, number: null }, ctx())
    expect(await states()).toEqual(['-18000 DEBIT', '18000 MATCHED_FLOW'])
  })
})
