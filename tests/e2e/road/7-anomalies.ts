import { copyFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { call } from '@orpc/server'
import { type WritableFlow, writeReportingFlow } from '#codecs/flow-xml-write'
import { reconciliation } from '#services/reconciliation'
import { reportingFlow } from '#services/reporting-flow'
import { CollectionOffice, causaleOf, drain, flowOf } from '../../services/support/collection-office.ts'

type StatementRow = readonly [day: string, cents: number, causale: string]

/** How many rows of each reason wait for a person. */
const HOW_MANY = {
  truncated: 20,
  bonifico: 10,
  twoFlows: 10,
  partly: 12,
  over: 10,
  waiting: 12,
  double: 5,
  debit: 5,
  paidTwice: 10,
  sumDiffers: 4,
  conflict: 2,
} as const

/** Leaves in `file` a ledger of invented people whose work table holds anomalies of every reason; how many of each label. */
export async function seedAnomalies(file: string): Promise<ReadonlyMap<string, number>> {
  const office = await CollectionOffice.open()
  await office.write((db) =>
    db.insertInto('capitolo').values({ code: '90.1', name: 'Somme da restituire', kind: 'partitaDiGiro' }).execute(),
  )
  const seeds = new Seeds(office)
  for (const [kind, count] of Object.entries(HOW_MANY)) {
    for (let i = 0; i < count; i += 1) await seeds.add(kind as keyof typeof HOW_MANY)
  }
  await office.importFlows(...seeds.flows)
  for (const flow of seeds.second) await office.importFlows(flow)
  for (const flow of seeds.wrongSums) await importWrongSum(office, flow)
  await office.loadStatement(seeds.statement)
  const table = await call(reconciliation.table, { limit: 500 }, { context: office.ctx })
  const reasons = new Map<string, number>()
  for (const { label } of table.rows) reasons.set(label.code, (reasons.get(label.code) ?? 0) + 1)
  await leaveIn(file, office)
  return reasons
}

/** Leaves in `file` a payment of 80,00 that was given in part back to its payer, and then is in its flow no more. */
export async function seedUnpaid(file: string): Promise<void> {
  const office = await CollectionOffice.open()
  await office.write((db) =>
    db.insertInto('capitolo').values({ code: '90.1', name: 'Somme da restituire', kind: 'partitaDiGiro' }).execute(),
  )
  const flowId = '2026-03-11AAAAITM1XXX-0001'
  const [paid, other] = [await office.quota(5000), await office.quota(8000)]
  await office.importFlows(flowOf(flowId, [[paid.iuv, 8000]]))
  await office.loadStatement([['2026-03-12', 8000, causaleOf(flowId)]])
  const { rows } = await call(reconciliation.table, {}, { context: office.ctx })
  const [act] = rows.flatMap((r) => r.counterparts.flatMap((c) => ('excessTo' in c.act && c.act.excessTo ? c.act : [])))
  if (act) await call(reconciliation.decide, { acts: [act], reason: 'pagato in più' }, { context: office.ctx })
  await office.importFlows(flowOf(flowId, [[other.iuv, 8000]], { dateTime: '2026-03-13T10:00:00' }))
  await leaveIn(file, office)
}

async function leaveIn(file: string, office: CollectionOffice): Promise<void> {
  const { path } = await office.folder('copia')
  await office.ledger.close()
  copyFileSync(join(dirname(path), 'ordine.quietanza'), file)
  await office.close()
}

class Seeds {
  readonly flows: WritableFlow[] = []
  /** Second versions of the same date. */
  readonly second: WritableFlow[] = []
  readonly wrongSums: WritableFlow[] = []
  readonly statement: StatementRow[] = []
  readonly #office: CollectionOffice
  #serial = 0

  constructor(office: CollectionOffice) {
    this.#office = office
  }

  /** A flow id and an amount that nobody else has. */
  #next(): { readonly id: string; readonly amount: number } {
    this.#serial += 1
    const number = String(this.#serial).padStart(4, '0')
    return { id: `2026-03-${10 + (this.#serial % 3)}AAAAITM1XXX-${number}`, amount: 10_000 + this.#serial * 37 }
  }

  async #paid(id: string, amount: number): Promise<string> {
    const { iuv } = await this.#office.quota(amount)
    this.flows.push(flowOf(id, [[iuv, amount]]))
    return iuv
  }

  async add(kind: keyof typeof HOW_MANY): Promise<void> {
    const { id, amount } = this.#next()
    const day = '2026-03-13'
    switch (kind) {
      case 'truncated':
        await this.#paid(id, amount)
        this.statement.push([day, amount, `BONIFICO /PUR/LGPE-RIVERSAMENTO/URI/${id.slice(0, 9)}`])
        break
      case 'bonifico': {
        const { accertamentoId } = await this.#office.quota(amount)
        const { name } = await this.#office.ledger.read((db) =>
          db
            .selectFrom('accertamento as a')
            .innerJoin('person as p', 'p.id', 'a.personId')
            .where('a.id', '=', accertamentoId)
            .select('p.name')
            .executeTakeFirstOrThrow(),
        )
        this.statement.push([day, amount, `BONIFICO DA ${name.toUpperCase()} PER QUOTA 2026`])
        break
      }
      case 'twoFlows':
        await this.#paid(id, amount)
        await this.#paid(this.#next().id, amount)
        this.statement.push([day, amount, `BONIFICO /PUR/LGPE-RIVERSAMENTO/URI/${id.slice(0, 8)}`])
        break
      case 'partly':
        await this.#paid(id, amount)
        this.statement.push([day, amount - 1000, causaleOf(id)])
        break
      case 'over':
        await this.#paid(id, amount)
        this.statement.push([day, amount + 1000, causaleOf(id)])
        break
      case 'waiting':
        this.statement.push([day, amount, causaleOf(id)])
        break
      case 'double':
        await this.#paid(id, amount)
        this.statement.push([day, amount, causaleOf(id)], ['2026-03-14', amount, causaleOf(id)])
        break
      case 'debit':
        this.statement.push([day, -amount, causaleOf(id)])
        break
      case 'paidTwice': {
        const iuv = await this.#paid(id, amount)
        const again = this.#next().id
        this.flows.push(flowOf(again, [[iuv, amount]]))
        this.statement.push([day, amount, causaleOf(id)], [day, amount, causaleOf(again)])
        break
      }
      case 'sumDiffers': {
        const { iuv } = await this.#office.quota(amount)
        this.wrongSums.push(flowOf(id, [[iuv, amount]]))
        this.statement.push([day, amount, causaleOf(id)])
        break
      }
      case 'conflict': {
        const iuv = await this.#paid(id, amount)
        this.second.push(flowOf(id, [[iuv, amount + 500]]))
        this.statement.push([day, amount, causaleOf(id)])
        break
      }
    }
  }
}

async function importWrongSum(office: CollectionOffice, flow: WritableFlow): Promise<void> {
  const xml = new TextDecoder().decode(writeReportingFlow(flow))
  const wrong = xml.replace(/(<(?:\w+:)?importoTotalePagamenti>)[^<]*/, '$11.00')
  const token = await office.upload(`${flow.flowId}.xml`, new TextEncoder().encode(wrong))
  await drain(await call(reportingFlow.import, { tokens: [token] }, { context: office.ctx }))
}
