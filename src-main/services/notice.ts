import { mergeNotices } from '#codecs/pdf/merge'
import { checkNotice, isNarrowed, type NoticeKit } from '#codecs/pdf/notice-kit'
import { noticeQrText, readNoticeQrText } from '#domain/notice'
import { type Problem, ProblemError, problem } from '#domain/problem'
import { readInstitution } from '#ledger/institution'
import { type NoticeFacts, readNoticeFacts } from '#ledger/notice-facts'
import { listPositionIds, type PositionQuery } from '#ledger/position-list'
import { os, type ServiceContext } from './context.ts'
import { longWork, pause, type Report } from './long-work.ts'
import { drawFacts, noticeData, noticeFileName, noticeKit } from './notice-paper.ts'
import { fileNameOf, PDF_MIME, produceFile, today } from './produced-file.ts'
import { ANY_POSITION, chosenPositions, type Selection } from './selection.ts'

const MAX_PROBLEMS = 500

/** Issued positions of a selection with what their notices say, and the kit to draw them. */
async function noticesOf(
  context: ServiceContext,
  selection: Selection<PositionQuery>,
): Promise<{ facts: NoticeFacts[]; kit: NoticeKit }> {
  return context.ledger.read(async (db) => {
    const ids = await chosenPositions(db, selection, today(context))
    const facts = (await readNoticeFacts(db, ids)).filter((f) => f.lifecycle === 'issued')
    return { facts, kit: await noticeKit(db) }
  })
}

/** Notices that can be printed, and what keeps the others from it. */
async function printable(facts: readonly NoticeFacts[], kit: NoticeKit, report: Report) {
  const good: NoticeFacts[] = []
  const first: Problem[] = []
  let total = 0
  for (const [index, one] of facts.entries()) {
    const problems = checkNotice(noticeData(one), kit)
    if (problems.length === 0) good.push(one)
    total += problems.length
    for (const p of problems) if (first.length < MAX_PROBLEMS) first.push(p)
    if (index % 100 === 99 || index + 1 === facts.length) {
      report('Controllo gli avvisi', index + 1, facts.length)
      await pause()
    }
  }
  return { good, problems: { first, total } }
}

export const notice = {
  pdf: os.notice.pdf.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const [facts] = await readNoticeFacts(db, [input.debtPositionId])
      if (facts === undefined) throw new ProblemError(problem('POSITION_GONE', {}))
      const { bytes } = drawFacts(facts, await noticeKit(db))
      return new File([bytes as Uint8Array<ArrayBuffer>], noticeFileName(facts), { type: PDF_MIME })
    }),
  ),

  print: os.notice.print.handler(async function* ({ context, input, signal }) {
    return yield* longWork(signal, async (report) => {
      const { facts, kit } = await noticesOf(context, input.selection)
      const { good, problems } = await printable(facts, kit, report)
      if (good.length === 0) throw new ProblemError(...problems.first, problem('NOTHING_TO_PRINT', {}))
      const drawn = async function* () {
        for (const [index, one] of good.entries()) {
          yield { notice: noticeData(one) }
          if (index % 50 === 49 || index + 1 === good.length) {
            report('Disegno gli avvisi', index + 1, good.length)
            await pause()
          }
        }
      }
      const info = { title: `Avvisi di pagamento (${good.length})`, author: kit.style.creditor.name, subject: 'Avvisi' }
      const name = fileNameOf('avvisi', today(context), 'pdf')
      const file = await produceFile(context, name, PDF_MIME, mergeNotices(drawn(), kit, info))
      return { file, notices: good.length, problems }
    })
  }),

  saveAll: os.notice.saveAll.handler(async function* ({ context, input, signal }) {
    return yield* longWork(signal, async (report) => {
      const { facts, kit } = await noticesOf(context, input.selection)
      const { good, problems } = await printable(facts, kit, report)
      const first = [...problems.first]
      let { total } = problems
      let written = 0
      let same = 0
      for (const [index, one] of good.entries()) {
        const name = noticeFileName(one)
        const result = await context.folders.put(input.folder, name, drawFacts(one, kit).bytes)
        if (result === 'written') written += 1
        else if (result === 'same') same += 1
        else {
          total += 1
          if (first.length < MAX_PROBLEMS) first.push(problem('FOLDER_FILE_DIFFERS', { name }))
        }
        report('Salvo gli avvisi', index + 1, good.length)
        if (index % 20 === 19) await pause()
      }
      return { written, same, problems: { first, total } }
    })
  }),

  sample: os.notice.sample.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const filters = { ...ANY_POSITION, issuanceId: input.issuanceId }
      const ids = await listPositionIds(db, { filters, search: '', sort: null }, today(context))
      const facts = (await readNoticeFacts(db, ids)).filter((f) => f.lifecycle === 'issued')
      const chosen = new Map<NoticeFacts['debtPositionId'], string>()
      const extreme = (why: string, of: (f: NoticeFacts) => number) => {
        const best = facts.reduce<NoticeFacts | null>((a, b) => (a === null || of(b) > of(a) ? b : a), null)
        if (best !== null && of(best) > 0 && !chosen.has(best.debtPositionId)) chosen.set(best.debtPositionId, why)
      }
      extreme('Il nome più lungo', (f) => f.name.length)
      extreme('La causale più lunga', (f) => f.description.length)
      extreme('L’importo più alto', (f) => f.cents)
      extreme('L’importo più basso', (f) => 1_000_000_000_000 - f.cents)
      extreme('Indirizzo estero', (f) => Number(f.address !== null && (f.address.country ?? 'IT') !== 'IT'))
      extreme('L’indirizzo più lungo', (f) => f.address?.value.length ?? 0)
      extreme('Senza indirizzo', (f) => Number(f.address === null))
      extreme('Senza scadenza', (f) => Number(f.dueDate === null))
      const step = Math.max(1, Math.floor(facts.length / input.count))
      for (let i = 0; i < facts.length && chosen.size < input.count; i += step) {
        const id = facts[i]?.debtPositionId
        if (id !== undefined && !chosen.has(id)) chosen.set(id, 'Uno ogni tanto')
      }
      return [...chosen].slice(0, input.count).map(([debtPositionId, why]) => ({ debtPositionId, why }))
    }),
  ),

  check: os.notice.check.handler(async function* ({ context, input, signal }) {
    return yield* longWork(signal, async (report) => {
      const { facts, kit } = await noticesOf(context, input.selection)
      const { problems } = await printable(facts, kit, report)
      const institution = await context.ledger.read(readInstitution)
      const differs = facts.filter((f) => {
        const read = readNoticeQrText(noticeQrText(f.noticeNumber, institution?.fiscalCode ?? '', f.cents))
        return read?.noticeNumber !== f.noticeNumber || read.cents !== f.cents
      })
      const wrong = differs.map((f) => problem('NOTICE_QR_DIFFERS', { person: f.name }))
      return {
        notices: facts.length,
        shrunk: facts.filter((f) => isNarrowed(noticeData(f), kit)).length,
        problems: { first: [...problems.first, ...wrong].slice(0, MAX_PROBLEMS), total: problems.total + wrong.length },
      }
    })
  }),
}
