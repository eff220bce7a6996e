// Writes accertamenti, IUVs and reversali for ever on the ledger given as JSON; prints what it committed.
import { composeNoticeNumber } from '#domain/notice-number'
import { assignIuvBases } from '#ledger/iuv-bases'
import type { LedgerTarget } from '#ledger/ledger'
import { openLedger } from '#ledger/open-ledger'
import { silentLog } from './support/fake-clock.ts'
import { command, credit, type Office, post, raise } from './support/office.ts'
import { realClock } from './support/real-clock.ts'

const [targetJson, officeJson, rounds] = process.argv.slice(2) as [string, string, string]
const office = JSON.parse(officeJson) as Office
const ledger = await openLedger(JSON.parse(targetJson) as LedgerTarget, { clock: realClock, log: silentLog })

for (let round = 0; round < Number(rounds); round += 1) {
  const done = await ledger.write({ ...command('writer'), at: realClock.now() }, async (db) => {
    const accertamentoId = await raise(db, office, 1000)
    const bases = await assignIuvBases(db, 20, ledger.clock)
    const position = await db
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
    for (const base of bases) {
      const { iuv, noticeNumber } = composeNoticeNumber('01' as never, base)
      await db
        .insertInto('iuvAssignment')
        .values({ iuv, noticeNumber, base, origin: 'own', debtPositionId: position.id, at: realClock.now() })
        .execute()
    }
    const money = await credit(db, office.account, 1000)
    const reversale = await post(db, office, [{ accertamentoId, credit: money, cents: 1000 }])
    return { iuvs: bases, reversale: reversale.number }
  })
  process.stdout.write(`${JSON.stringify(done)}\n`)
}
await ledger.close()
