import { createHash } from 'node:crypto'
import { parentPort } from 'node:worker_threads'
import { drawLetter, drawLetterPages } from '#codecs/pdf/letter'
import { mergeNotices } from '#codecs/pdf/merge'
import {
  checkNotice,
  drawNotice,
  isNarrowed,
  layoutName,
  type NoticeKit,
  type NoticeKitInput,
  prepareNoticeKit,
} from '#codecs/pdf/notice-kit'
import type { PaperInfo } from '#codecs/pdf/paper'
import { type NoticeCreditor, type NoticeData, noticePayments, noticeQrText, readNoticeQrText } from '#domain/notice'
import { postalSlipText, readPostalSlipText } from '#domain/postal-slip'
import { type Problem, ProblemError, problem } from '#domain/problem'
import type { CheckedNotice, DrawnNotice, FromWorker, NoticePaper, ToWorker } from './paper-messages.ts'

// The thread that draws. It knows no ledger, no disk and no clock: notices come in, bytes go out.

/** Pieces of a merged file on their way: beyond them the drawing waits for the disk. */
const UNDER_WAY = 4

const port = parentPort
if (port === null) throw new Error('paper-worker.ts runs as a worker thread')

const inputs = new Map<number, NoticeKitInput>()
const kits = new Map<number, NoticeKit>()
const merges = new Map<number, Merge>()

/** One merged file in the making. */
class Merge {
  readonly #batches: (readonly NoticePaper[])[] = []
  #wake: () => void = () => {}
  underWay = 0
  cancelled = false

  push(batch: readonly NoticePaper[]): void {
    this.#batches.push(batch)
    this.#wake()
  }

  taken(): void {
    this.underWay -= 1
    this.#wake()
  }

  cancel(): void {
    this.cancelled = true
    this.#wake()
  }

  async room(): Promise<void> {
    while (this.underWay >= UNDER_WAY && !this.cancelled) await this.#woken()
  }

  /** The next batch; empty when there is no more. */
  async next(): Promise<readonly NoticePaper[]> {
    while (!this.cancelled) {
      const batch = this.#batches.shift()
      if (batch !== undefined) return batch
      await this.#woken()
    }
    return []
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }
}

port.on('message', (message: ToWorker) => {
  switch (message.type) {
    case 'kit':
      inputs.set(message.kit, message.input)
      return
    case 'forget':
      inputs.delete(message.kit)
      kits.delete(message.kit)
      return
    case 'papers':
      merges.get(message.job)?.push(message.papers)
      return
    case 'taken':
      merges.get(message.job)?.taken()
      return
    case 'cancel':
      merges.get(message.job)?.cancel()
      return
    case 'merge':
      void answer(message.job, () => merge(message.job, kitOf(message.kit), message.info))
      return
    default:
      void answer(message.job, () => work(message))
  }
})

async function answer(job: number, make: () => Promise<void> | void): Promise<void> {
  try {
    await make()
  } catch (error) {
    if (error instanceof ProblemError) tell({ type: 'refused', job, problems: error.problems })
    else tell({ type: 'broken', job, error: error instanceof Error ? error : new Error(String(error)) })
  }
}

function work(message: Extract<ToWorker, { type: 'draw' | 'check' | 'letter' }>): void {
  const { job } = message
  if (message.type === 'letter') {
    const bytes = owned(drawLetter(message.letter))
    tell({ type: 'letter', job, bytes }, [bytes.buffer])
  } else if (message.type === 'check') {
    const kit = kitOf(message.kit)
    tell({ type: 'checked', job, notices: message.notices.map((notice) => checked(notice, kit)) })
  } else {
    const kit = kitOf(message.kit)
    const papers = message.papers.map((paper) => drawn(paper, kit))
    tell(
      { type: 'drawn', job, papers },
      papers.flatMap((paper) => (paper.ok ? [paper.bytes.buffer] : [])),
    )
  }
}

function tell(message: FromWorker, transfer: readonly ArrayBuffer[] = []): void {
  port?.postMessage(message, transfer)
}

/** @throws ProblemError where the institution's own texts or graphics cannot be printed. */
function kitOf(number: number): NoticeKit {
  const known = kits.get(number)
  if (known !== undefined) return known
  const kit = prepareNoticeKit(inputs.get(number) as NoticeKitInput)
  kits.set(number, kit)
  return kit
}

function drawn({ notice, letter }: NoticePaper, kit: NoticeKit): DrawnNotice {
  try {
    const bytes = owned(drawNotice(notice, kit, letter))
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    return { ok: true, bytes, sha256, layout: layoutName(notice, kit) }
  } catch (error) {
    if (error instanceof ProblemError) return { ok: false, problems: error.problems }
    throw error
  }
}

/** Bytes alone in their buffer, so that it can change thread without a copy. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const alone = bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer
  return alone ? new Uint8Array(bytes.buffer as ArrayBuffer) : new Uint8Array(bytes)
}

function checked(notice: NoticeData, kit: NoticeKit): CheckedNotice {
  const problems = checkNotice(notice, kit)
  if (problems.length > 0) return { problems, narrowed: false }
  return { problems: differing(notice, kit.style.creditor), narrowed: isNarrowed(notice, kit) }
}

/** Reads every code again, as a bank or the post office would, and compares it with the position. */
function differing(notice: NoticeData, creditor: NoticeCreditor): Problem[] {
  const { debtor, subject } = notice
  const wrong: Problem[] = []
  for (const payment of noticePayments(notice)) {
    const qr = readNoticeQrText(noticeQrText(payment.noticeNumber, creditor.fiscalCode, payment.cents))
    if (!same(qr, payment, creditor)) wrong.push(problem('NOTICE_QR_DIFFERS', { person: debtor.name }))
    if (creditor.postal === null) continue
    const slip = readPostalSlipText(postalSlipText(payment, { ...creditor, postal: creditor.postal }, debtor, subject))
    const account = Number(slip?.account) === Number(creditor.postal.number)
    if (!same(slip, payment, creditor) || !account) {
      wrong.push(problem('NOTICE_SLIP_DIFFERS', { person: debtor.name }))
    }
  }
  return wrong
}

function same(
  read: { readonly noticeNumber: string; readonly cents: number; readonly creditorFiscalCode: string } | null,
  payment: { readonly noticeNumber: string; readonly cents: number },
  creditor: NoticeCreditor,
): boolean {
  return (
    read !== null &&
    read.noticeNumber === payment.noticeNumber &&
    read.cents === payment.cents &&
    read.creditorFiscalCode === creditor.fiscalCode.padStart(11, '0')
  )
}

async function merge(job: number, kit: NoticeKit, info: PaperInfo): Promise<void> {
  const state = new Merge()
  merges.set(job, state)
  try {
    for await (const bytes of mergeNotices(printable(job, state, kit), kit, info)) {
      if (state.cancelled) return
      const piece = owned(bytes)
      state.underWay += 1
      tell({ type: 'piece', job, bytes: piece }, [piece.buffer])
      await state.room()
    }
    if (!state.cancelled) tell({ type: 'merged', job })
  } finally {
    merges.delete(job)
  }
}

/** The notices as they come, without those that cannot be printed: these are told, and do not stop the others. */
async function* printable(job: number, state: Merge, kit: NoticeKit): AsyncGenerator<NoticePaper> {
  while (true) {
    const batch = await state.next()
    if (batch.length === 0) return
    const problems: Problem[] = []
    let drawnOnes = 0
    for (const paper of batch) {
      if (state.cancelled) return
      const wrong = problemsOf(paper, kit)
      problems.push(...wrong)
      if (wrong.length > 0) continue
      drawnOnes += 1
      yield paper
    }
    tell({ type: 'hungry', job, drawn: drawnOnes, problems })
  }
}

function problemsOf({ notice, letter }: NoticePaper, kit: NoticeKit): readonly Problem[] {
  const wrong = checkNotice(notice, kit)
  if (wrong.length > 0 || letter === undefined) return wrong
  try {
    drawLetterPages(letter.paper)
    return []
  } catch (error) {
    if (error instanceof ProblemError) return error.problems
    throw error
  }
}
