import { readTariffSheet, TARIFF_COLUMNS, tariffCells } from '#codecs/tariff-sheet'
import { writeXlsx } from '#codecs/xlsx-write'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import { canonicalJson } from '#domain/json'
import { ProblemError, problem } from '#domain/problem'
import { entryOn, seniorityIn, type TariffRow, type TariffRules, tariffsFor } from '#domain/tariff'
import { checkTariff } from '#domain/tariff-table'
import { listServiceTypes, type ServiceTypeRow } from '#ledger/chart'
import type { ReadHandle } from '#ledger/ledger'
import {
  listAlboWords,
  listImportDays,
  listTariffYears,
  type RegisterPerson,
  readRegisterPeople,
  readTariff,
  replaceTariff,
} from '#ledger/tariff'
import { command } from './command.ts'
import { os } from './context.ts'
import { markOf } from './list-mark.ts'
import { fileNameOf, produceFile, today, XLSX_MIME } from './produced-file.ts'

export async function needService(db: ReadHandle, id: Id<'serviceType'>): Promise<ServiceTypeRow> {
  const service = (await listServiceTypes(db)).find((row) => row.id === id)
  if (service === undefined) throw new ProblemError(problem('SERVICE_GONE', {}))
  return service
}

async function tableOf(db: ReadHandle, serviceTypeId: Id<'serviceType'>, year: number) {
  const { proRata, rows } = (await readTariff(db, serviceTypeId, year)) ?? { proRata: false, rows: [] }
  const mark = markOf([[proRata ? 1 : 0], ...rows.map((row) => [canonicalJson(plain(row))])])
  return { serviceTypeId, year, proRata, rows, remarks: checkTariff(rows).map(remarkOut), mark }
}

function remarkOut(remark: ReturnType<typeof checkTariff>[number]) {
  return { ...remark, rows: [...remark.rows] }
}

/** Groups of the register that no row fits, or two rows fit equally well, the largest first. */
export function gapsOf(
  people: readonly RegisterPerson[],
  rows: readonly TariffRow[],
  rules: TariffRules,
  date: IsoDate,
  importDays: ReadonlySet<IsoDate>,
): { readonly people: number; readonly gaps: { text: string; people: number }[] } {
  const gaps = new Map<string, (number | null)[]>()
  const tariffOf = tariffsFor(rows, rules)
  let count = 0
  for (const person of people) {
    const found = entryOn(person.entries, date)
    if (found === null) continue
    count += 1
    const { entry } = found
    const enrolled = importDays.has(found.enrolled) ? null : found.enrolled
    const outcome = tariffOf({ category: person.category, ...entry, enrolled })
    if (outcome.kind !== 'hole' && outcome.kind !== 'clash') continue
    const years = seniorityIn(rules.year, enrolled)
    const known = gaps.get(outcome.group)
    if (known === undefined) gaps.set(outcome.group, [years])
    else known.push(years)
  }
  const list = [...gaps].map(([text, years]) => ({ text: `${text}${spanOf(years)}`, people: years.length }))
  return { people: count, gaps: list.sort((a, b) => b.people - a.people).slice(0, 100) }
}

/** «, da 3 a 12 anni d’iscrizione» */
function spanOf(years: readonly (number | null)[]): string {
  const known = years.filter((y) => y !== null).sort((a, b) => a - b)
  const [from, to] = [known[0], known.at(-1)]
  if (from === undefined || to === undefined) return ', anzianità non nota'
  if (from !== to) return `, da ${from} a ${to} anni d’iscrizione`
  return from === 1 ? ', 1 anno d’iscrizione' : `, ${from} anni d’iscrizione`
}

export const tariff = {
  get: os.tariff.get.handler(({ context, input }) =>
    context.ledger.read(async (db) => ({
      ...(await tableOf(db, input.serviceTypeId, input.year)),
      years: await listTariffYears(db, input.serviceTypeId),
    })),
  ),

  save: os.tariff.save.handler(async ({ context, input }) => {
    const { serviceTypeId, year, rows, proRata, mark } = input
    const wrong = checkTariff(rows).find((remark) => remark.severity === 'error')
    if (wrong !== undefined) {
      throw new ProblemError(problem('TARIFF_WRONG', { row: (wrong.rows[0] ?? 0) + 1, text: wrong.text }))
    }
    return context.ledger.write(
      command(context, 'tariff.save', { serviceTypeId, year, rows: rows.length, proRata, table: rows.map(plain) }),
      async (db) => {
        const { name } = await needService(db, serviceTypeId)
        if ((await tableOf(db, serviceTypeId, year)).mark !== mark) {
          throw new ProblemError(problem('TARIFF_CHANGED', { service: name, year }))
        }
        await replaceTariff(db, serviceTypeId, year, { proRata, rows })
        return tableOf(db, serviceTypeId, year)
      },
    )
  }),

  gaps: os.tariff.gaps.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const { rows, year, proRata, date } = input
      return gapsOf(await readRegisterPeople(db, null), rows, { year, proRata }, date, await listImportDays(db))
    }),
  ),

  words: os.tariff.words.handler(({ context }) => context.ledger.read(listAlboWords)),

  export: os.tariff.export.handler(async ({ context, input }) => {
    const { service, rows } = await context.ledger.read(async (db) => ({
      service: await needService(db, input.serviceTypeId),
      rows: (await readTariff(db, input.serviceTypeId, input.year))?.rows ?? [],
    }))
    const title = `Tariffe ${service.name} ${input.year}`
    const sheet = { name: `Tariffe ${input.year}`, columns: TARIFF_COLUMNS, rows: rows.map(tariffCells) }
    const name = fileNameOf(title, today(context), 'xlsx')
    return produceFile(context, name, XLSX_MIME, writeXlsx([sheet], { createdAt: context.clock.now() }))
  }),

  import: os.tariff.import.handler(async ({ context, input }) => {
    const file = await context.files.open(input.token)
    const { rows, problems } = await readTariffSheet(await file.bytes())
    return {
      rows: [...rows],
      remarks: checkTariff(rows).map(remarkOut),
      problems: problems.map((p) => ({ ...p, file: file.name })),
    }
  }),
}

/** A row for the journal. */
function plain({ effect, ...row }: TariffRow) {
  return { ...row, effect: { ...effect } }
}
