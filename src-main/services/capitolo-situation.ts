import { sum } from '#domain/money'
import { readSituation, type SituationRow } from '#ledger/situation'
import { os } from './context.ts'
import { type ExportColumn, exportList } from './list-export.ts'

const SUMS = ['accertatoCents', 'riscossoCents', 'daRiscuotereCents'] as const

const COLUMNS: Readonly<Record<string, ExportColumn<SituationRow>>> = {
  code: { kind: 'code', value: (r) => r.code, width: 8 },
  name: { kind: 'text', value: (r) => r.name, width: 34 },
  originYear: { kind: 'text', value: (r) => (r.residui ? `Residui ${r.originYear}` : 'Competenza'), width: 14 },
  accertamenti: { kind: 'integer', value: (r) => r.accertamenti },
  accertatoCents: { kind: 'money', value: (r) => r.accertatoCents },
  riscossoCents: { kind: 'money', value: (r) => r.riscossoCents },
  daRiscuotereCents: { kind: 'money', value: (r) => r.daRiscuotereCents },
}

/** Accertato, riscosso and da riscuotere of each capitolo, competenza and residui apart. */
export const situation = os.capitolo.situation.handler(({ context, input }) =>
  context.ledger.read((db) => readSituation(db, input.exercise)),
)

export const exportSituation = os.capitolo.exportSituation.handler(async ({ context, input }) => {
  const rows = await context.ledger.read((db) => readSituation(db, input.filters.exercise))
  const totals = Object.fromEntries(SUMS.map((key) => [key, sum(rows.map((r) => r[key]))]))
  const pages = async (offset: number, limit: number) => rows.slice(offset, offset + limit)
  return exportList({ ctx: context, input, columns: COLUMNS, pages, totals })
})
