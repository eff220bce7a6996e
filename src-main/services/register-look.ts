import { layMapping } from '#codecs/register-layout'
import { columnFacts, proposeHeaderRow, proposeMapping } from '#codecs/register-propose'
import { RowReader } from '#codecs/register-read'
import { openWorkbook } from '#codecs/workbook'
import { columnName, columnOfReference, shown, type XlsxRow } from '#codecs/xlsx-cell'
import { ProblemError } from '#domain/problem'
import { foldCell, type RegisterMapping } from '#domain/register-mapping'
import type { RegisterProfile } from '#domain/register-profile'
import { os, type ServiceContext } from './context.ts'
import { headAsBook, headOf, type RegisterHead } from './register-head.ts'
import { allRegisterProfiles } from './register-profile.ts'
import { recognise } from './register-recognise.ts'
import { asProblem } from './register-refusal.ts'

const SHOWN_ROWS = 40
const SAMPLES = 5
/** Values of each column by which a mapping is proposed. */
const VALUES = 300
const MAX_DIFFERENT = 300

const profilesOf = (context: ServiceContext) => context.ledger.read(allRegisterProfiles)

function lookOut(head: RegisterHead, asked: number | null, profiles: readonly RegisterProfile[]) {
  const { book } = head
  const recognised = recognise(head.signs, profiles)
  const { name } = book.sheets[head.sheet] ?? { name: '' }
  const here = recognised !== null && (recognised.mapping.sheet ?? '') === name ? recognised : null
  const headerRow = asked ?? here?.mapping.headerRow ?? proposeHeaderRow(head.rows.slice(0, 60)) ?? 0
  const known = here !== null && here.mapping.headerRow === headerRow ? here : null
  const facts = columnFacts(head.rows, headerRow === 0 ? null : headerRow, VALUES)
  const visible = book.sheets.filter((s) => !s.hidden).length
  const proposal = proposeMapping(facts, headerRow === 0 ? null : headerRow, visible > 1 ? name : null)
  const mapping = known?.mapping ?? proposal.mapping
  const why = new Map(proposal.columns.map((c) => [c.index, c]))
  const used = fieldsByLetter(mapping)
  return {
    fileName: head.fileName,
    kind: book.kind,
    macros: book.macros,
    sheets: book.sheets.map((s, index) => ({
      name: s.name,
      hidden: s.hidden,
      rows: index === head.sheet ? head.count : null,
    })),
    sheet: name,
    encoding: book.encoding,
    separator: book.separator,
    rows: head.rows.slice(0, SHOWN_ROWS).map((row) => ({ number: row.number, cells: textsFromA(row) })),
    headerRow: asked === null && headerRow === 0 ? null : headerRow,
    columns: facts.map(({ index, heading, cells }) => {
      const letter = columnName(index)
      const field = known === null ? (why.get(index)?.field ?? null) : (used.get(letter) ?? null)
      const byProfile = known === null ? null : `lo dice il profilo «${known.profile.name}»`
      return {
        letter,
        heading,
        samples: [...new Set(cells.map(shown))].slice(0, SAMPLES),
        field,
        reason: field === null ? null : (byProfile ?? why.get(index)?.reason ?? null),
      }
    }),
    profile: known === null ? null : onlyName(known.profile),
    mapping,
  }
}

function onlyName({ id, name, shipped, assumption }: RegisterProfile) {
  return { id, name, shipped, assumption }
}

function fieldsByLetter(mapping: RegisterMapping) {
  const used = new Map<string, keyof RegisterMapping['fields']>()
  for (const [field, source] of Object.entries(mapping.fields)) {
    if (source.kind !== 'columns') continue
    for (const { letter } of source.columns) {
      if (!used.has(letter)) used.set(letter, field as keyof RegisterMapping['fields'])
    }
  }
  return used
}

/** Texts from column A to the last filled one. */
function textsFromA(row: XlsxRow): string[] {
  const width = Math.max(-1, ...row.cells.keys()) + 1
  return Array.from({ length: width }, (_, index) => {
    const cell = row.cells.get(index)
    return cell === undefined ? '' : shown(cell)
  })
}

export const registerLook = {
  look: os.registerImport.look.handler(async ({ context, input }) => {
    const profiles = await profilesOf(context)
    return lookOut(await headOf(context.files, input, profiles), input.headerRow, profiles)
  }),

  preview: os.registerImport.preview.handler(async ({ context, input }) => {
    const { mapping } = input
    const request = { token: input.token, ...mapping }
    const head = await headOf(context.files, request, await profilesOf(context))
    const { layout, problems } = await layMapping(headAsBook(head), mapping)
    const counts = { read: 0, good: 0, warning: 0, error: 0, skipped: 0, complete: head.complete }
    const first = problems.slice(0, 500)
    if (layout === null) return { problems: { first, total: problems.length }, rows: [], ...counts }
    const reader = new RowReader(layout)
    const rows = []
    for (const row of head.rows) {
      const read = reader.readShown(row)
      if (read === null) continue
      if (read === 'skipped') {
        counts.skipped += 1
        continue
      }
      const { line, values } = read
      const wrong = line.problems.some((p) => p.severity === 'error')
      const status = wrong ? ('error' as const) : line.problems.length > 0 ? ('warning' as const) : ('good' as const)
      counts.read += 1
      counts[status] += 1
      if (rows.length < input.rows) rows.push({ row: line.rowNumber, status, values, problems: [...line.problems] })
    }
    return { problems: { first, total: problems.length }, rows, ...counts }
  }),

  columnValues: os.registerImport.columnValues.handler(async ({ context, input, signal }) => {
    const { mapping, letters } = input
    const file = await context.files.open(input.token)
    const { encoding, separator } = mapping
    const opened = await openWorkbook(file.chunks(), { encoding, separator, ...(signal ? { signal } : {}) })
    if (!opened.ok) throw new ProblemError(opened.error)
    const book = opened.value
    const head = await headOf(context.files, { token: input.token, ...mapping }, await profilesOf(context))
    const columns = letters.map(columnOfReference)
    const found = new Map<string, { text: string; count: number }>()
    await asProblem(async () => {
      for await (const rows of book.rows(head.sheet, signal ? { signal } : {})) {
        for (const row of rows) {
          if (row.number <= (mapping.headerRow ?? 0)) continue
          const cells = columns.flatMap((column) => row.cells.get(column) ?? [])
          const text = cells.map(shown).join(' ').replaceAll(/\s+/g, ' ').trim()
          if (text === '') continue
          const known = found.get(foldCell(text))
          if (known === undefined) found.set(foldCell(text), { text, count: 1 })
          else known.count += 1
        }
      }
    })
    const values = [...found.values()].sort((a, b) => b.count - a.count || (a.text < b.text ? -1 : 1))
    return { values: values.slice(0, MAX_DIFFERENT), total: values.length }
  }),
}
