import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import ExcelJS from 'exceljs'

// The rehearsal counted again from its files alone, without any reader of the program.

export interface FlowCount {
  readonly flowId: string
  readonly declaredCents: number
  readonly rows: readonly { readonly iuv: string; readonly cents: number }[]
}
export interface MovementCount {
  readonly cents: number
  readonly description: string
}

const centsOf = (euros: string) => Math.round(Number(euros) * 100)

export async function countFlows(folder: string): Promise<FlowCount[]> {
  const flows: FlowCount[] = []
  for (const name of (await readdir(folder)).sort()) {
    const xml = await readFile(join(folder, name), 'utf8')
    const one = (tag: string, from = xml) => new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(from)?.[1] ?? ''
    const rows = xml.split('<datiSingoliPagamenti>').slice(1)
    flows.push({
      flowId: one('identificativoFlusso'),
      declaredCents: centsOf(one('importoTotalePagamenti')),
      rows: rows.map((row) => ({
        iuv: one('identificativoUnivocoVersamento', row),
        cents: centsOf(one('singoloImportoPagato', row)),
      })),
    })
  }
  return flows
}

/** Cents by IUV: a notice of several accertamenti has a row for each transfer. */
export function paidOf(rows: readonly { readonly iuv: string; readonly cents: number }[]): Map<string, number> {
  const paid = new Map<string, number>()
  for (const { iuv, cents } of rows) paid.set(iuv, (paid.get(iuv) ?? 0) + cents)
  return paid
}

/** Lines of the BancoPosta statement: «gg/mm/aaaa;gg/mm/aaaa;addebito;accredito;descrizione». */
export async function countMovements(file: string): Promise<MovementCount[]> {
  const lines = (await readFile(file, 'latin1')).split(/\r?\n/)
  return lines.flatMap((line) => {
    const cells = /^\d\d\/\d\d\/\d{4};\d\d\/\d\d\/\d{4};([\d.,]*);([\d.,]*);"?(.*?)"?$/.exec(line)
    if (!cells) return []
    const [, debit = '', credit = '', description = ''] = cells
    const euros = (text: string) => centsOf(text.replaceAll('.', '').replace(',', '.') || '0')
    return [{ cents: euros(credit) - euros(debit), description }]
  })
}

/** What the QR codes of one notice say can be paid: its payments by IUV, and what it asks for in all. */
export interface NoticeCount {
  readonly payments: ReadonlyMap<string, number>
  readonly cents: number
  readonly inInstallments: boolean
}

/**
 * A notice offers one payment, or at least three instalments, or both: of many amounts the largest stands for the
 * whole where it is the sum of all the others.
 */
export function countNotice(codes: readonly string[], receiver: string): NoticeCount {
  const payments = new Map<string, number>()
  for (const code of codes) {
    const [, , number = '', creditor, amount = ''] = code.split('|')
    if (!/^PAGOPA\|002\|3\d{17}\|\d{11}\|\d+$/.test(code) || creditor !== receiver)
      throw new Error(`a code says ${code}`)
    if (payments.has(number.slice(1))) throw new Error(`twice on one notice: ${number}`)
    payments.set(number.slice(1), Number(amount))
  }
  const amounts = [...payments.values()]
  const total = amounts.reduce((sum, amount) => sum + amount, 0)
  const largest = Math.max(...amounts)
  const inInstallments = amounts.length > 1
  return { payments, inInstallments, cents: largest * 2 === total ? largest : total }
}

/** Cents of the column «Importo» of the register, and its rows. */
export async function countRegister(file: string): Promise<{ readonly count: number; readonly cents: number }> {
  const workbook = new ExcelJS.Workbook()
  await workbook.xlsx.readFile(file)
  const sheet = workbook.getWorksheet('Quote') as ExcelJS.Worksheet
  const heading = sheet.getRow(1).values as (string | undefined)[]
  const column = heading.indexOf('Importo')
  let count = 0
  let cents = 0
  sheet.eachRow((row, n) => {
    if (n === 1) return
    count += 1
    cents += centsOf(String(row.getCell(column).value))
  })
  return { count, cents }
}

/** A text as the bank may have damaged it, and a flow id, both without what banks lose or put in. */
const bare = (text: string) => text.replaceAll('/ZZ4/', '').replace(/\s/g, '').toLowerCase()

/** Which credits name each flow in full, and which flows they cover to the cent. */
export function pairOf(flows: readonly FlowCount[], movements: readonly MovementCount[]) {
  const credits = movements.filter((movement) => movement.cents > 0)
  const taken = new Set<MovementCount>()
  const matched: { readonly flow: FlowCount; readonly credits: readonly MovementCount[] }[] = []
  for (const flow of flows) {
    const own = credits.filter((credit) => bare(credit.description).includes(bare(flow.flowId)))
    const total = own.reduce((sum, credit) => sum + credit.cents, 0)
    if (own.length === 0 || total !== flow.declaredCents) continue
    matched.push({ flow, credits: own })
    for (const credit of own) taken.add(credit)
  }
  const matchedIds = new Set(matched.map(({ flow }) => flow.flowId))
  return {
    matched,
    flowsLeft: flows.filter((flow) => !matchedIds.has(flow.flowId)),
    creditsLeft: credits.filter((credit) => !taken.has(credit)),
  }
}

export const sumOf = (items: readonly { readonly cents: number }[]) => items.reduce((sum, item) => sum + item.cents, 0)
