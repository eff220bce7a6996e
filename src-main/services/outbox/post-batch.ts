import { createHash } from 'node:crypto'
import { pageCount } from '#codecs/pdf/page-count'
import { type PostalBatchRow, postalBatchCsv, postalBatchXlsx } from '#codecs/postal-batch'
import type { Id } from '#domain/brand'
import { fileNameKey } from '#domain/notice-file-name'
import type { FolderBatch } from '#domain/ports'
import { isMailable, type PostalLabel, postalLabel, postalLine } from '#domain/postal-address'
import { problemText } from '#domain/problem'
import { leadingOf, type NoticeFacts } from '#ledger/notice-facts'
import type { ServiceContext } from '../context.ts'
import { pause } from '../long-work.ts'
import { BATCH, noticePaper, oneAhead, type PaperRun, paperFileName } from '../notice-paper.ts'
import { ProblemList } from '../problem-list.ts'

/** A letter to be put into a batch. */
export interface Letter {
  readonly id: Id<'delivery'>
  readonly facts: NoticeFacts
}

/** A letter in a batch, as its manifest keeps it: enough to tell the delivery again after a crash. */
export interface PostedLetter {
  readonly delivery: number
  readonly row: number
  readonly file: string
  readonly firstPage: number
  readonly pages: number
  readonly sha256: string
  readonly address: string
}

export interface BatchManifest {
  readonly program: 'Quietanza'
  readonly campaign: number
  readonly letters: readonly PostedLetter[]
  readonly pages: number
  readonly abroad: number
  /** SHA-256 of every other file of the batch. */
  readonly files: Readonly<Record<string, string>>
}

export const MANIFEST = 'lotto.json'
const LIST = 'indirizzi'
const MERGED = 'avvisi.pdf'

/**
 * Draws and writes a whole batch: PDFs, list as CSV and workbook, manifest. What cannot be printed or has no good address
 * is told and left out. Nothing is visible yet.
 */
export async function writeBatch(
  context: ServiceContext,
  into: FolderBatch,
  letters: readonly Letter[],
  run: PaperRun,
  choice: { readonly campaign: Id<'campaign'>; readonly merged: boolean },
): Promise<{ readonly manifest: BatchManifest; readonly refused: readonly { id: Id<'delivery'>; reason: string }[] }> {
  const refused: { id: Id<'delivery'>; reason: string }[] = []
  const rows: PostalBatchRow[] = []
  const posted: PostedLetter[] = []
  const good: NoticeFacts[] = []
  const names = new FileNames()
  const files: Record<string, string> = {}
  let nextPage = 1
  const write = async (name: string, chunks: Parameters<FolderBatch['write']>[1]) => {
    files[name] = (await into.write(name, chunks)).sha256
  }
  const batches = async function* () {
    for (let from = 0; from < letters.length; from += BATCH) {
      await pause()
      yield letters.slice(from, from + BATCH)
    }
  }
  const drawings = oneAhead(batches(), async (some) => ({
    some,
    drawn: await context.press.draw(
      run.kit,
      some.map(({ facts }) => noticePaper(facts, run)),
    ),
  }))
  for await (const { some, drawn } of drawings) {
    for (const [i, { id, facts }] of some.entries()) {
      const paper = drawn[i]
      const label = postalLabel(facts.name, facts.address)
      if (paper === undefined || !isMailable(label)) {
        refused.push({ id, reason: doubtsOf(label) })
        continue
      }
      if (!paper.ok) {
        refused.push({ id, reason: paper.problems.map(problemText).join(' ') })
        continue
      }
      const pages = pageCount(paper.bytes)
      const file = choice.merged ? MERGED : names.take(paperFileName(facts, run.fileNamePattern))
      const firstPage = choice.merged ? nextPage : 1
      if (!choice.merged) await write(file, [paper.bytes])
      // Given back now: the collector would let tens of megabytes of them pile up first.
      paper.bytes.buffer.transfer(0)
      nextPage += pages
      good.push(facts)
      rows.push(rowOf(facts, label, { file, firstPage, pages }))
      const address = postalLine(label)
      posted.push({ delivery: id, row: rows.length + 1, file, firstPage, pages, sha256: paper.sha256, address })
    }
  }
  if (rows.length > 0) {
    if (choice.merged) await write(MERGED, mergedFile(context, good, run))
    await write(`${LIST}.csv`, postalBatchCsv(rows))
    await write(`${LIST}.xlsx`, postalBatchXlsx(rows, context.clock.now()))
  }
  const manifest: BatchManifest = {
    ...{ program: 'Quietanza', campaign: choice.campaign, letters: posted, pages: nextPage - 1 },
    ...{ abroad: rows.filter((row) => row.country !== '').length, files },
  }
  if (rows.length > 0) await into.write(MANIFEST, [new TextEncoder().encode(`${JSON.stringify(manifest, null, 1)}\n`)])
  return { manifest, refused }
}

/** Why an address cannot be written on an envelope, in Italian. */
export function doubtsOf(label: PostalLabel): string {
  const texts = label.doubts.filter((doubt) => doubt.blocks).map((doubt) => doubt.text)
  return `Indirizzo: ${texts.join(' ')}`
}

async function* mergedFile(context: ServiceContext, good: readonly NoticeFacts[], run: PaperRun) {
  const problems = new ProblemList()
  const papers = async function* () {
    for (let from = 0; from < good.length; from += BATCH) {
      yield good.slice(from, from + BATCH).map((facts) => noticePaper(facts, run))
    }
  }
  const info = { title: 'Avvisi di pagamento', author: run.institution.name, subject: 'Lotto postale' }
  const notices = yield* context.press.merge(run.kit, papers(), problems, info)
  // Each was drawn by itself a moment ago: the pages of the list count on all of them.
  if (notices !== good.length) throw new Error(`${good.length - notices} letters fell out of the merged file`)
}

function rowOf(
  facts: NoticeFacts,
  label: PostalLabel,
  place: Pick<PostalBatchRow, 'file' | 'firstPage' | 'pages'>,
): PostalBatchRow {
  const { iuv, noticeNumber } = leadingOf(facts)
  const { recipient, presso, street, building, postalCode, city, province, country } = label
  return {
    ...{ recipient, presso, street, building, postalCode, city, province, country },
    ...{ fiscalCode: facts.fiscalCode ?? '', year: facts.year, iuv, noticeNumber },
    ...place,
  }
}

/** Names of a batch's files: two that a disk would take for one get a number. */
class FileNames {
  readonly #taken = new Set([`${LIST}.csv`, `${LIST}.xlsx`, MANIFEST])

  take(name: string): string {
    let own = name
    for (let n = 2; this.#taken.has(fileNameKey(own)); n += 1) own = name.replace(/(\.pdf)?$/i, ` (${n})$1`)
    this.#taken.add(fileNameKey(own))
    return own
  }
}

/** A manifest read back; null when the file is not one of ours for that campaign. */
export function readManifest(bytes: Uint8Array | null, campaign: Id<'campaign'>): BatchManifest | null {
  if (bytes === null) return null
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as Partial<BatchManifest>
    if (value.program !== 'Quietanza' || value.campaign !== campaign || !Array.isArray(value.letters)) return null
    return value as BatchManifest
  } catch {
    return null
  }
}

/** Evidence of one letter in words: which batch, which row, which pages, to whom. */
export function letterEvidence(letter: PostedLetter, place: string) {
  const pages = letter.pages === 1 ? 'una pagina' : `${letter.pages} pagine`
  const text = `Consegnato al servizio postale: ${place}, riga ${letter.row}, ${letter.file} da pagina ${letter.firstPage}, ${pages}; ${letter.address}`
  const sha256 = createHash('sha256').update(`${letter.sha256}\n${text}`).digest('hex')
  return { kind: 'post' as const, sha256, text }
}
