import { createHash } from 'node:crypto'
import { readTaxonomy as readTaxonomyFileBytes } from '#codecs/taxonomy-file'
import type { FileToken } from '#domain/ports'
import { ProblemError, problem } from '#domain/problem'
import { searchKey } from '#domain/search-key'
import { ORDERS_CREDITOR_TYPE, type TaxonomyEntry } from '#domain/taxonomy'
import { compareTaxonomy, type TaxonomyDifference, TaxonomyJudge } from '#domain/taxonomy-judge'
import { listServiceTypes } from '#ledger/chart'
import type { ReadHandle } from '#ledger/ledger'
import { keepTaxonomy, readTaxonomy, readTaxonomyFile } from '#ledger/taxonomy'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'
import { today } from './produced-file.ts'
import { taxonomyJudge, wrongCodes } from './taxonomy-warnings.ts'

/** Ten times the file of today. */
const MAX_BYTES = 8 * 1_048_576
const MAX_ROWS = 300

export const taxonomy = {
  status: os.taxonomy.status.handler(({ context }) => context.ledger.read((db) => statusOf(db, context))),

  search: os.taxonomy.search.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const present = await readTaxonomy(db)
      const judge = new TaxonomyJudge(present, today(context))
      const words = searchKey(input.text).split(' ')
      const found = present.codes.filter((one) => {
        if (input.ordersOnly && one.creditorType !== ORDERS_CREDITOR_TYPE) return false
        const text = searchKey(`${one.code} ${one.serviceName} ${one.description} ${one.creditorTypeName}`)
        return words.every((word) => text.includes(word))
      })
      // Those that can be used come first, then those of the orders.
      const rank = (one: (typeof found)[number]) =>
        (judge.stateOf(one) === 'valid' ? 0 : 2) + (one.creditorType === ORDERS_CREDITOR_TYPE ? 0 : 1)
      return {
        rows: found
          .sort((a, b) => rank(a) - rank(b) || (a.code < b.code ? -1 : 1))
          .slice(0, input.limit)
          .map((one) => {
            const { code, serviceName, description, creditorType, creditorTypeName, areaName } = one
            const { reason, validFrom, validTo } = one
            return {
              ...{ code, serviceName, description, creditorType, creditorTypeName, areaName, reason },
              ...{ validFrom, validTo, state: judge.stateOf(one) },
            }
          }),
        count: found.length,
      }
    }),
  ),

  check: os.taxonomy.check.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const judge = await taxonomyJudge(db, today(context))
      return input.codes.map((code) => judge.judge(code))
    }),
  ),

  wrong: os.taxonomy.wrong.handler(({ context }) =>
    context.ledger.read(async (db) => {
      const wrong = await wrongCodes(db, await taxonomyJudge(db, today(context)))
      return wrong.map(({ types, ...one }) => ({ ...one, types: [...types] }))
    }),
  ),

  preview: os.taxonomy.preview.handler(async ({ context, input }) => {
    const file = await readFile(context, input.token)
    return context.ledger.read(async (db) => {
      const { differences, stamp, present, kept } = await compared(db, context, file)
      const types = await listServiceTypes(db)
      const rows = differences.map(({ kind, entry, changes }) => ({
        ...{ kind, code: entry.code, serviceName: entry.serviceName, creditorTypeName: entry.creditorTypeName },
        ...{ validTo: entry.validTo, changes: changes.map((one) => ({ ...one })) },
        types: types
          .filter((type) => type.taxonomyCode.slice(2).startsWith(entry.code.slice(2)))
          .map(({ name }) => name),
      }))
      const rank = (row: (typeof rows)[number]) =>
        row.types.length > 0 ? 0 : row.code.slice(2, 4) === ORDERS_CREDITOR_TYPE ? 1 : 2
      const count = (kind: TaxonomyDifference['kind']) => differences.filter((one) => one.kind === kind).length
      return {
        ...{ fileName: file.name, version: file.version, codes: file.entries.length, stamp },
        older: file.version < (present.version ?? 0),
        same: kept?.sha256 === file.sha256,
        counts: { new: count('new'), changed: count('changed'), expired: count('expired'), gone: count('gone') },
        rows: rows.sort((a, b) => rank(a) - rank(b) || (a.code < b.code ? -1 : 1)).slice(0, MAX_ROWS),
      }
    })
  }),

  confirm: os.taxonomy.confirm.handler(async ({ context, input }) => {
    const file = await readFile(context, input.token)
    const { name, sha256, version, entries } = file
    const said = { file: name, version, codes: entries.length }
    await context.ledger.write(command(context, 'taxonomy.confirm', said), async (db) => {
      const { stamp } = await compared(db, context, file)
      if (stamp !== input.stamp) throw new ProblemError(problem('TAXONOMY_MOVED', {}))
      const at = context.clock.now()
      await keepTaxonomy(
        db,
        { fileName: name, sha256, version, codes: entries.length, at, operator: context.operator },
        entries,
      )
    })
    return context.ledger.read((db) => statusOf(db, context))
  }),
}

interface ReadFile {
  readonly name: string
  readonly sha256: string
  /** Highest of its rows. */
  readonly version: number
  readonly entries: readonly TaxonomyEntry[]
}

/** @throws ProblemError where it is not the taxonomy, or anything of it is wrong */
async function readFile(context: ServiceContext, token: FileToken): Promise<ReadFile> {
  const file = await context.files.open(token)
  if (file.size > MAX_BYTES) {
    throw new ProblemError(problem('FILE_TOO_LARGE', { size: `${Math.ceil(file.size / 1_048_576)} MB`, limit: '8 MB' }))
  }
  const bytes = await file.bytes()
  const { entries, problems } = readTaxonomyFileBytes(bytes)
  if (problems.length > 0) throw new ProblemError(...problems.map((one) => ({ ...one, file: file.name })))
  return {
    name: file.name,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    version: entries.reduce((highest, one) => Math.max(highest, one.version), 0),
    entries,
  }
}

async function compared(db: ReadHandle, context: ServiceContext, file: ReadFile) {
  const present = await readTaxonomy(db)
  const kept = await readTaxonomyFile(db)
  return {
    ...{ present, kept },
    differences: compareTaxonomy(present, file.entries, today(context)),
    // The file, and what it was compared with.
    stamp: createHash('sha256')
      .update(`${file.sha256} ${kept?.id ?? 0}`)
      .digest('hex'),
  }
}

async function statusOf(db: ReadHandle, context: ServiceContext) {
  const file = await readTaxonomyFile(db)
  const present = await readTaxonomy(db)
  const judge = new TaxonomyJudge(present, today(context))
  const there = present.codes.filter((one) => !one.gone)
  return {
    file: file === null ? null : { name: file.fileName, version: file.version, at: file.at, operator: file.operator },
    codes: there.length,
    expired: there.filter((one) => judge.stateOf(one) === 'expired').length,
  }
}
