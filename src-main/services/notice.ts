import { ProblemError, problem } from '#domain/problem'
import { noticeData, readNoticeFacts } from '#ledger/notice-facts'
import { insertPrints, type PrintedPaper, readAlreadyOut } from '#ledger/notice-print'
import { ANY_POSITION, listPositionIds } from '#ledger/position-list'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'
import { longWork } from './long-work.ts'
import { drawOne, issuedFacts, noticePaper, oneAhead, paperFileName, readPaperRun } from './notice-paper.ts'
import { chooseSample } from './notice-sample.ts'
import { saveNotices } from './notice-save.ts'
import { ProblemList } from './problem-list.ts'
import { fileNameOf, PDF_MIME, produceFile, today } from './produced-file.ts'
import { booksUntouched } from './reconcile-ledger.ts'
import { chosenPositions } from './selection.ts'

/** The history of each position says that a paper left, and whether it was the first. */
async function rememberPrints(context: ServiceContext, papers: readonly PrintedPaper[], how: 'print' | 'save') {
  if (papers.length === 0) return
  const name = how === 'print' ? 'notice.print' : 'notice.saveAll'
  const { at, operator, ...order } = command(context, name, { notices: papers.length })
  await context.ledger.write({ ...order, at, operator }, async (db) => {
    await insertPrints(db, papers, { how, at, operator })
    booksUntouched(db)
  })
}

export const notice = {
  pdf: os.notice.pdf.handler(async ({ context, input }) => {
    const { facts, run } = await context.ledger.read(async (db) => {
      const [facts] = await readNoticeFacts(db, [input.debtPositionId], input.purpose)
      if (facts === undefined) throw new ProblemError(problem('POSITION_GONE', {}))
      return { facts, run: await readPaperRun(db, context, input.letter) }
    })
    const { bytes } = await drawOne(context.press, facts, run)
    return new File([bytes], paperFileName(facts, run.fileNamePattern), { type: PDF_MIME })
  }),

  save: os.notice.save.handler(async ({ context, input }) => {
    const { debtPositionId } = input
    const { facts, run, duplicate } = await context.ledger.read(async (db) => {
      const [facts] = await readNoticeFacts(db, [debtPositionId])
      if (facts === undefined) throw new ProblemError(problem('POSITION_GONE', {}))
      if (facts.lifecycle !== 'issued') throw new ProblemError(problem('NOTHING_TO_PRINT', {}))
      const out = await readAlreadyOut(db, [debtPositionId])
      return { facts, run: await readPaperRun(db, context, input.letter), duplicate: out.has(debtPositionId) }
    })
    const { bytes } = await drawOne(context.press, facts, run, duplicate)
    await rememberPrints(context, [{ debtPositionId, version: facts.version, duplicate }], 'save')
    return new File([bytes], paperFileName(facts, run.fileNamePattern), { type: PDF_MIME })
  }),

  print: os.notice.print.handler(async function* ({ context, input, signal }) {
    return yield* longWork(signal, async (report) => {
      const { ids, run } = await context.ledger.read(async (db) => ({
        ids: await chosenPositions(db, input.selection, today(context)),
        run: await readPaperRun(db, context, input.letter),
      }))
      const out = await context.ledger.read((db) => readAlreadyOut(db, ids))
      const printed: (PrintedPaper & { readonly name: string })[] = []
      const papers = async function* () {
        let done = 0
        for await (const facts of issuedFacts(context, ids)) {
          report('Disegno gli avvisi', done, ids.length)
          const batch = facts.map((one) => ({ ...one, duplicate: out.has(one.debtPositionId) }))
          printed.push(
            ...batch.map(({ debtPositionId, version, duplicate, name }) => ({
              debtPositionId,
              version,
              duplicate,
              name,
            })),
          )
          yield batch.map((one) => noticePaper(one, run, one.duplicate))
          done += facts.length
        }
      }
      let notices = 0
      const problems = new ProblemList()
      const pieces = async function* () {
        notices = yield* context.press.merge(run.kit, papers(), problems, {
          title: 'Avvisi di pagamento',
          author: run.institution.name,
          subject: 'Avvisi da stampare',
        })
        if (notices === 0) throw new ProblemError(...problems.first, problem('NOTHING_TO_PRINT', {}))
        report('Disegno gli avvisi', ids.length, ids.length)
      }
      const file = await produceFile(context, fileNameOf('avvisi', today(context), 'pdf'), PDF_MIME, pieces())
      // Who could not be drawn is named by the problem: nothing of theirs has left.
      const missing = new Set(problems.list().first.map((one) => one.params.person))
      const left = printed.filter(({ name }) => !missing.has(name)).map(({ name: _name, ...paper }) => paper)
      await rememberPrints(context, left, 'print')
      return { file, notices, duplicates: left.filter((one) => one.duplicate).length, problems: problems.list() }
    })
  }),

  saveAll: os.notice.saveAll.handler(async function* ({ context, input, signal }) {
    return yield* longWork(signal, async (report) => {
      const { ids, run } = await context.ledger.read(async (db) => ({
        ids: await chosenPositions(db, input.selection, today(context)),
        run: await readPaperRun(db, context, input.letter),
      }))
      const printed: PrintedPaper[] = []
      const out = await context.ledger.read((db) => readAlreadyOut(db, ids))
      try {
        return await saveNotices(context, { ids, out }, run, input.folder, {
          report,
          left: (paper) => printed.push(paper),
        })
      } finally {
        // What was written stays, also when the rest was not.
        await rememberPrints(context, printed, 'save')
      }
    })
  }),

  sample: os.notice.sample.handler(async ({ context, input }) => {
    const filters = { ...ANY_POSITION, issuanceId: input.issuanceId }
    const ids = await context.ledger.read((db) =>
      listPositionIds(db, { filters, search: '', sort: null }, today(context)),
    )
    return chooseSample(issuedFacts(context, ids), input.count)
  }),

  check: os.notice.check.handler(async function* ({ context, input, signal }) {
    return yield* longWork(signal, async (report) => {
      const { ids, run } = await context.ledger.read(async (db) => ({
        ids: await chosenPositions(db, input.selection, today(context)),
        run: await readPaperRun(db, context),
      }))
      const problems = new ProblemList()
      let notices = 0
      let shrunk = 0
      const checks = oneAhead(issuedFacts(context, ids), (facts) => context.press.check(run.kit, facts.map(noticeData)))
      report('Controllo gli avvisi', 0, ids.length)
      for await (const checked of checks) {
        for (const one of checked) {
          problems.add(...one.problems)
          if (one.narrowed) shrunk += 1
        }
        notices += checked.length
        report('Controllo gli avvisi', notices, ids.length)
      }
      return { notices, shrunk, problems: problems.list() }
    })
  }),
}
