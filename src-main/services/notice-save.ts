import { createHash } from 'node:crypto'
import type { Id } from '#domain/brand'
import { fileNameKey } from '#domain/notice-file-name'
import type { FolderToken } from '#domain/ports'
import { ProblemError, problem } from '#domain/problem'
import type { NoticeFacts } from '#ledger/notice-facts'
import type { PrintedPaper } from '#ledger/notice-print'
import type { ServiceContext } from './context.ts'
import { type Report, savingReport } from './long-work.ts'
import { issuedFacts, noticePaper, oneAhead, type PaperRun, paperFileName } from './notice-paper.ts'
import type { DrawnNotice } from './paper-messages.ts'
import { ProblemList } from './problem-list.ts'

/** Files written at the same time: a disk waits for each one to be safe, not for us. */
const AT_ONCE = 6

/** People named in one sentence. */
const MOST_NAMED = 5

export interface Saved {
  readonly written: number
  /** Already there, equal. */
  readonly same: number
  readonly problems: ReturnType<ProblemList['list']>
}

/**
 * One PDF each into the folder. What cannot be drawn, would have the name of another or stands there with another
 * content is told and does not stop the rest; a folder that cannot be written stops all. Every file is whole or absent.
 */
export async function saveNotices(
  context: ServiceContext,
  { ids, out }: { readonly ids: readonly Id<'debtPosition'>[]; readonly out: ReadonlySet<number> },
  run: PaperRun,
  folder: FolderToken,
  { report, left }: { readonly report: Report; readonly left: (paper: PrintedPaper) => void },
): Promise<Saved> {
  const room = await context.folders.check(folder)
  if (!room.ok) {
    const place = await context.folders.describe(folder)
    throw new ProblemError(problem('FOLDER_UNWRITABLE', { place, reason: room.reason }))
  }
  const twice = await namesTwice(context, ids, run, report)
  const problems = new ProblemList()
  for (const { name, people } of twice.values()) {
    problems.add(problem('NOTICE_NAMES_COLLIDE', { name, people: someOf(people) }))
  }
  let written = 0
  let same = 0
  let done = 0
  const put = async (facts: NoticeFacts, drawn: DrawnNotice): Promise<void> => {
    if (!drawn.ok) {
      problems.add(...drawn.problems)
      return
    }
    const name = paperFileName(facts, run.fileNamePattern)
    const duplicate = out.has(facts.debtPositionId)
    let result = await context.folders.put(folder, name, drawn.bytes)
    // Given back now: the collector would let tens of megabytes of them pile up first.
    drawn.bytes.buffer.transfer(0)
    if (duplicate && result === 'different') {
      // The first paper may stand there still: then nothing is to be done, as with any file that is equal.
      const [first] = await context.press.draw(run.kit, [noticePaper(facts, run)])
      if (first?.ok) result = await context.folders.put(folder, name, first.bytes)
    }
    if (result === 'written') left({ debtPositionId: facts.debtPositionId, version: facts.version, duplicate })
    if (result === 'written') written += 1
    else if (result === 'same') same += 1
    else problems.add(problem('FOLDER_FILE_DIFFERS', { name }))
  }
  const step = 'Salvo gli avvisi'
  const far = (): void => savingReport(() => report(step, done, ids.length), written)
  far()
  const batches = oneAhead(issuedFacts(context, ids), async (all) => {
    const facts = all.filter((one) => !twice.has(fileNameKey(paperFileName(one, run.fileNamePattern))))
    const papers = facts.map((one) => noticePaper(one, run, out.has(one.debtPositionId)))
    return { facts, left: all.length - facts.length, drawn: await context.press.draw(run.kit, papers) }
  })
  for await (const { facts, left, drawn } of batches) {
    done += left
    for (let from = 0; from < facts.length; from += AT_ONCE) {
      const group = facts.slice(from, from + AT_ONCE)
      // All of them end, well or badly, before anything is said: nothing is written behind anybody's back.
      const ends = await Promise.allSettled(group.map((one, i) => put(one, drawn[from + i] as DrawnNotice)))
      for (const end of ends) if (end.status === 'rejected') throw end.reason
      done += group.length
      far()
    }
  }
  done = ids.length
  far()
  return { written, same, problems: problems.list() }
}

function someOf(people: readonly string[]): string {
  const named = people.slice(0, MOST_NAMED).join(', ')
  return people.length > MOST_NAMED ? `${named} e altri ${people.length - MOST_NAMED}` : named
}

/** Names that more than one notice would have, by how disks compare them: found before anything is written. */
async function namesTwice(
  context: ServiceContext,
  ids: readonly Id<'debtPosition'>[],
  run: PaperRun,
  report: Report,
): Promise<Map<string, { readonly name: string; readonly people: string[] }>> {
  const each = async (step: string, look: (key: string, name: string, person: string) => void): Promise<void> => {
    let done = 0
    for await (const facts of issuedFacts(context, ids)) {
      for (const one of facts) {
        const name = paperFileName(one, run.fileNamePattern)
        look(fileNameKey(name), name, one.name)
      }
      done += facts.length
      report(step, done, ids.length)
    }
  }
  // A number for each name: tens of thousands of names would fill the memory, nearly always for nothing.
  const seen = new Set<number>()
  const doubtful = new Set<number>()
  await each('Controllo i nomi dei file', (key) => {
    const number = shortHash(key)
    if (seen.has(number)) doubtful.add(number)
    else seen.add(number)
  })
  const found = new Map<string, { readonly name: string; readonly people: string[] }>()
  if (doubtful.size === 0) return found
  await each('Cerco i nomi uguali', (key, name, person) => {
    if (!doubtful.has(shortHash(key))) return
    const group = found.get(key)
    if (group === undefined) found.set(key, { name, people: [person] })
    else group.people.push(person)
  })
  for (const [key, { people }] of found) if (people.length === 1) found.delete(key)
  return found
}

/** 48 bits of it. */
function shortHash(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6)
}
