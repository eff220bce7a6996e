import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { writeRegister } from '#codecs/register-write'
import { isoDate, romeDate } from '#domain/date'
import type { Cents } from '#domain/money'
import type { Clock, Log } from '#domain/ports'
import { seededRandom } from '#hosts/random'
import { checkEquations } from '#ledger/balances'
import type { Ledger } from '#ledger/ledger'
import { openLedger } from '#ledger/open-ledger'
import { account, institution } from '#services/institution'
import { uniform } from '#services/rehearsal'
import { rehearse } from '#simulator/rehearse'
import { openBackend } from '../../src-main/hosts/backend.ts'
import { ledgerFileOf } from '../../src-main/hosts/data-folder.ts'
import { member, outcome, type RegisterInput } from '../services/office.ts'

export const ROWS_PER_REGISTER = 120
const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** The data folder on which children are killed, and the files that they are to read. */
export class RoadOffice {
  readonly folder: string
  readonly clock: Clock
  readonly exercise: number

  private constructor(folder: string, clock: Clock) {
    this.folder = folder
    this.clock = clock
    this.exercise = Number(romeDate(clock.now()).slice(0, 4))
  }

  static async open(clock: Clock): Promise<RoadOffice> {
    const office = new RoadOffice(await mkdtemp(join(tmpdir(), 'quietanza-road-')), clock)
    const backend = await openBackend({ folder: office.folder, fileSecretsOnly: true, clock })
    const client = createRouterClient({ institution, account }, { context: backend.context })
    await outcome(await client.institution.createRehearsal({ members: 1 }))
    await backend.close()
    for (const name of ['registri', 'flussi', 'tmp']) await mkdir(join(office.folder, name))
    return office
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true })
  }

  async writeRegisters(count: number, more: (n: number) => Partial<RegisterInput> = () => ({})): Promise<void> {
    for (let file = 0; file < count; file += 1) {
      const rows = Array.from({ length: ROWS_PER_REGISTER }, (_, i) => {
        const n = file * ROWS_PER_REGISTER + i
        return member(n, more(n))
      })
      const chunks: Uint8Array[] = []
      for await (const chunk of writeRegister(rows, this.clock.now())) chunks.push(chunk)
      const name = `${String(file + 1).padStart(4, '0')}.xlsx`
      await writeFile(join(this.folder, 'registri', name), Buffer.concat(chunks))
    }
  }

  /** Opens the ledger as the program would after the crash, looks, and leaves it clean. */
  async look<T>(see: (ledger: Ledger) => Promise<T>): Promise<T> {
    const target = { engine: 'sqlite', file: ledgerFileOf(this.folder) } as const
    const ledger = await openLedger(target, { clock: this.clock, log: silent })
    try {
      return await see(ledger)
    } finally {
      await ledger.close()
    }
  }

  /** Flows and statement of those who pay the positions that stand now. */
  async writeWorld(): Promise<{ readonly flows: number; readonly movements: number }> {
    const notices = await this.look((ledger) =>
      ledger.read((db) =>
        db
          .selectFrom('debtPosition as p')
          .innerJoin('iuvAssignment as a', 'a.debtPositionId', 'p.id')
          .innerJoin('installment as i', 'i.iuv', 'a.iuv')
          .innerJoin('person', 'person.id', 'p.personId')
          .where('p.lifecycle', '=', 'issued')
          .orderBy('a.iuv')
          .select(['a.iuv', 'i.cents', 'person.name as debtor'])
          .execute(),
      ),
    )
    const { flows, statement } = rehearse(
      {
        receiver: { fiscalCode: '80012340255', name: 'Ordine dei Farmacisti di prova' },
        account: { iban: 'IT66S0999912100000000012345', openingDate: isoDate(`${this.exercise}-01-01`) },
        notices: notices.map(({ iuv, cents, debtor }) => ({ iuv, cents: cents as Cents, idTransfer: 1, debtor })),
        share: 0.8,
        from: isoDate(`${this.exercise}-02-05`),
        days: 30,
        style: 'bancoPosta',
      },
      uniform({ random: seededRandom(11) }),
    )
    for (const flow of flows) await writeFile(join(this.folder, 'flussi', flow.fileName), flow.bytes)
    await writeFile(join(this.folder, 'estratto-conto.csv'), statement.bytes)
    return { flows: flows.length, movements: statement.movements.length }
  }
}

/** What the ledger holds, as a person would count it. */
export async function holdings(ledger: Ledger) {
  const health = await ledger.health()
  const findings = [...health.integrity, ...health.journal, ...health.equations, ...(await ledger.read(checkEquations))]
  return ledger.read(async (db) => {
    const imports = await db.selectFrom('registerImport').select(['id', 'fileName', 'state', 'rowCount']).execute()
    const accertamenti = await db
      .selectFrom('accertamento as a')
      .innerJoin('importRow as r', 'r.id', 'a.importRowId')
      .select(['a.id', 'a.number', 'r.importId'])
      .orderBy('a.number')
      .execute()
    const positions = await db
      .selectFrom('debtPosition as p')
      .leftJoin('iuvAssignment as n', 'n.debtPositionId', 'p.id')
      .leftJoin('paymentOption as o', (join) =>
        join.onRef('o.debtPositionId', '=', 'p.id').onRef('o.version', '=', 'p.currentVersion'),
      )
      .leftJoin('installment as i', 'i.paymentOptionId', 'o.id')
      .leftJoin('transfer as t', 't.installmentId', 'i.id')
      .leftJoin('allocation as x', 'x.transferId', 't.id')
      .select(['p.id', 'p.issuanceId', 'p.lifecycle', 'n.iuv', 'n.base', 'i.iuv as asked', 'x.accertamentoId'])
      .execute()
    const issuances = await db.selectFrom('issuance').select('id').execute()
    const reversali = await db
      .selectFrom('reversale as r')
      .leftJoin('reversaleAnnulment as z', 'z.reversaleId', 'r.id')
      .select(['r.id', 'r.number', 'r.cents', 'r.date', 'z.id as annulment'])
      .orderBy('r.number')
      .execute()
    const lines = await db.selectFrom('reversaleLine').select(['id', 'reversaleId', 'iuv', 'cents']).execute()
    const quietanze = await db.selectFrom('quietanza').select(['reversaleLineId', 'cents']).execute()
    const flows = await db
      .selectFrom('reportingFlowVersion as v')
      .leftJoin('flowRow as w', 'w.versionId', 'v.id')
      .groupBy(['v.id', 'v.declaredCount'])
      .select((eb) => ['v.id', 'v.declaredCount', eb.fn.count('w.id').as('rows')])
      .execute()
    const movements = await db.selectFrom('bankMovement').select('id').execute()
    return {
      ...{ findings, imports, accertamenti, positions, issuances, reversali, lines, quietanze, flows },
      movements: movements.length,
    }
  })
}

export type Holdings = Awaited<ReturnType<typeof holdings>>
