import { createHash } from 'node:crypto'
import { readEvidenceZip } from '#codecs/evidence-zip'
import { type InspectKind, recogniseKind } from '#codecs/inspect'
import { INVENTED_PSP_CODES } from '#domain/invented-psp'
import type { NodeEnvironment } from '#domain/node-ports'
import type { FileToken } from '#domain/ports'
import { type Problem, ProblemError, problem } from '#domain/problem'
import { receiverOf, takeExternalIuvs } from '#ledger/flow-store'
import { type ArrivedFile, type ImportFileSource, rememberFiles } from '#ledger/import-file'
import { readInstitution } from '#ledger/institution'
import { insertReceipts, type ReceiptFacts, receiptsOf } from '#ledger/receipt-store'
import { os, type ServiceContext } from './context.ts'
import { isKnownFlow, keepFlows, type ReadFlow, readFlowFile } from './flow-import.ts'
import { longWork, pause, type Report } from './long-work.ts'
import { holdEnvironment } from './node-connection.ts'
import { factsOf, type ReadReceipt, readReceiptFile, receiptConflict } from './receipt-read.ts'
import { reconcileLedger } from './reconcile-ledger.ts'
import { raiseSpontaneous } from './spontaneous-raise.ts'
import type { StatementFile } from './statement-read.ts'

export type IntakeKind = 'flow' | 'receipt' | 'statement' | 'unknown'

/** `toLoad` of a statement: it waits to be opened in its page, where account and columns are checked. */
export type IntakeOutcome = 'added' | 'newVersion' | 'already' | 'otherReceiver' | 'refused' | 'toLoad'

/** A file that comes in, from wherever it comes. */
export interface IncomingFile {
  readonly name: string
  readonly source: ImportFileSource
  /** Its token when it was handed over as it is. */
  readonly token: FileToken | null
  bytes(): Promise<Uint8Array>
}

export interface IntakeFile {
  readonly name: string
  readonly kind: IntakeKind
  readonly sha256: string
  /** Flow id or IUV. */
  readonly reference: string | null
  outcome: IntakeOutcome
  problems: readonly Problem[]
  /** Of a statement: what its page opens. */
  readonly statementToken: FileToken | null
  /** Of a statement from a watched folder: the file itself, because the folder loads it. */
  readonly statement: StatementFile | null
}

export interface IntakeOptions {
  /** What may enter from here; the rest is refused. */
  readonly kinds: readonly IntakeKind[]
  readonly total: number | null
  readonly report: Report
  /** Write down also files of which nothing entered: so that a folder does not offer them again. */
  readonly rememberAll?: boolean
}

/** Stored, and reconciled once, by each write: a cancel or a crash leaves whole files behind. */
const FLOWS_A_WRITE = 250
const RECEIPTS_A_WRITE = 10_000

const MAX_BYTES = 200 * 1024 * 1024
const MAX_PROBLEMS = 500

const WORDS: Readonly<Record<IntakeKind, string>> = {
  flow: 'un flusso di rendicontazione',
  receipt: 'una ricevuta',
  statement: 'un estratto conto',
  unknown: 'un altro file',
}

/** Whose books files come into, and in which environment, when the first of them was read. */
interface Office {
  readonly receiver: string
  readonly environment: NodeEnvironment
}

interface ReadOne {
  readonly file: IntakeFile
  readonly size: number
  readonly source: ImportFileSource
  readonly flow: ReadFlow | null
  readonly receipt: ReadReceipt | null
}

/** Reads files of any kind one by one, those inside archives too; each enters whole or not at all. */
export async function importFiles(
  ctx: ServiceContext,
  incoming: AsyncIterable<IncomingFile> | Iterable<IncomingFile>,
  options: IntakeOptions,
): Promise<IntakeFile[]> {
  const { report, total } = options
  const results: IntakeFile[] = []
  const institution = await ctx.ledger.read(readInstitution)
  const office: Office = {
    receiver: institution?.fiscalCode ?? '',
    environment: institution?.environment ?? 'rehearsal',
  }
  let batch: ReadOne[] = []
  let done = 0
  const flush = async () => {
    const { length } = batch
    if (length > 0) report('Abbinamento con gli accrediti', done, total)
    await store(ctx, batch, office, options)
    results.push(...batch.map((b) => b.file))
    batch = []
  }
  for await (const outer of incoming) {
    report('Lettura dei file', done, total)
    for await (const one of opened(outer)) {
      batch.push('problem' in one ? refusedOne(one) : await readOne(ctx, one, office, options))
      // Thousands of receipts of one archive are one beat: cancelling is heard between them.
      report('Lettura dei file', done, total)
      if (batch.filter((b) => b.flow).length >= FLOWS_A_WRITE || batch.length >= RECEIPTS_A_WRITE) await flush()
      else if (batch.length % 50 === 0) await pause()
    }
    done += 1
  }
  await flush()
  return results
}

interface BrokenFile {
  readonly name: string
  readonly source: ImportFileSource
  readonly problem: Problem
}

interface OpenFile {
  readonly name: string
  readonly source: ImportFileSource
  readonly token: FileToken | null
  readonly bytes: Uint8Array
  readonly kind: InspectKind | null
}

/** The file itself, or the files of the archive that it is. */
async function* opened(file: IncomingFile): AsyncGenerator<OpenFile | BrokenFile> {
  const bytes = await file.bytes()
  const { name, source, token } = file
  if (bytes.length > MAX_BYTES) {
    const size = `${Math.ceil(bytes.length / 1024 / 1024)} MB`
    yield { name, source, problem: problem('FILE_TOO_LARGE', { size, limit: '200 MB' }, { file: name }) }
    return
  }
  const kind = await recogniseKind(bytes)
  if (kind !== 'archive') {
    yield { name, source, token, bytes, kind }
    return
  }
  const archive = readEvidenceZip(bytes)
  if (!archive.ok) {
    yield { name, source, problem: { ...archive.error, file: name } }
    return
  }
  for (const entry of archive.value) {
    const read = await entry.bytes()
    const within = source === 'folder' ? 'folder' : 'zip'
    if (!read.ok) yield { name: entry.name, source: within, problem: { ...read.error, file: entry.name } }
    else
      yield {
        ...{ name: entry.name, source: within, token: null },
        bytes: read.value,
        kind: await recogniseKind(read.value),
      }
  }
}

const KINDS: Readonly<Partial<Record<InspectKind, IntakeKind>>> = {
  reportingFlow: 'flow',
  receipt: 'receipt',
  bankStatement: 'statement',
}

async function readOne(
  ctx: ServiceContext,
  one: OpenFile,
  { receiver, environment }: Office,
  { kinds }: IntakeOptions,
): Promise<ReadOne> {
  const { name, source, bytes } = one
  const kind = (one.kind && KINDS[one.kind]) ?? (kinds.length === 1 ? (kinds[0] as IntakeKind) : 'unknown')
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const about = { name, kind, sha256, statementToken: null, statement: null }
  const base = { size: bytes.length, source, flow: null, receipt: null }
  const refused = (found: Problem, reference: string | null = null): ReadOne => ({
    ...base,
    file: { ...about, reference, outcome: 'refused', problems: [found] },
  })
  if (bytes.length === 0) return refused(problem('FILE_EMPTY', {}, { file: name }))
  if (kind === 'unknown') return refused(problem('INTAKE_UNKNOWN', { name }, { file: name }))
  if (!kinds.includes(kind) && !(kind === 'statement' && source === 'folder'))
    return refused(problem('INTAKE_NOT_HERE', { what: WORDS[kind] }, { file: name }))
  /** In production nothing enters of those whose payments are all invented. */
  const invented = (what: string, { pspCode, pspName }: { pspCode?: string | null; pspName?: string | null } = {}) =>
    environment === 'production' && INVENTED_PSP_CODES.includes(pspCode ?? '')
      ? problem('INTAKE_INVENTED', { what, psp: pspName ?? pspCode ?? '' }, { file: name })
      : null
  const at = ctx.clock.now()
  if (kind === 'flow') {
    const flow = await readFlowFile(name, bytes, at)
    const found = invented('Il flusso', flow.flow?.version)
    if (found !== null) return refused(found, flow.flowId)
    return {
      ...base,
      flow,
      file: { ...about, reference: flow.flowId, ...outcomeOf(flow.flow !== null, flow.problems) },
    }
  }
  if (kind === 'receipt') {
    const receipt = await readReceiptFile({ name, bytes, sha256 }, receiver, at)
    const found = invented('La ricevuta', receipt.receipt?.receipt)
    if (found !== null) return refused(found, receipt.iuv)
    const outcome = outcomeOf(receipt.receipt !== null, receipt.problems)
    return { ...base, receipt, file: { ...about, reference: receipt.iuv, ...outcome } }
  }
  // From a watched folder it is loaded without a person, if all its checks pass.
  const fromFolder = source === 'folder'
  const statementToken = fromFolder ? null : (one.token ?? (await handOver(ctx, name, bytes)))
  const statement = fromFolder ? { name, bytes, sha256 } : null
  return { ...base, file: { ...about, reference: null, outcome: 'toLoad', problems: [], statementToken, statement } }
}

function outcomeOf(good: boolean, problems: readonly Problem[]): Pick<IntakeFile, 'outcome' | 'problems'> {
  return { outcome: good ? 'added' : 'refused', problems: problems.slice(0, MAX_PROBLEMS) }
}

function refusedOne({ name, source, problem: found }: BrokenFile): ReadOne {
  const sha256 = createHash('sha256').update(name).digest('hex')
  const file = { name, kind: 'unknown' as const, sha256, reference: null, statementToken: null, statement: null }
  return { size: 0, source, flow: null, receipt: null, file: { ...file, outcome: 'refused', problems: [found] } }
}

async function handOver(ctx: ServiceContext, name: string, bytes: Uint8Array): Promise<FileToken> {
  const writer = await ctx.files.create(name, 'application/octet-stream')
  await writer.write(bytes)
  return writer.commit()
}

/** Keeps what is new of a batch in one write, with the reconciliation; what adds nothing leaves no trace in the journal. */
async function store(
  ctx: ServiceContext,
  batch: readonly ReadOne[],
  { environment }: Office,
  { rememberAll }: IntakeOptions,
): Promise<void> {
  const news = await newToTheLedger(ctx, batch)
  const flows = news.filter((n) => n.flow !== null)
  const receipts = news.filter((n) => n.receipt !== null)
  // What a statement was is written down when it is loaded.
  const told = (rememberAll ? batch : news).filter(({ file }) => file.outcome !== 'toLoad')
  if (told.length === 0) return
  const at = ctx.clock.now()
  const { operator } = ctx
  const [command, payload] =
    flows.length > 0
      ? ['reportingFlow.import', { flows: flows.map((f) => f.file.reference ?? ''), receipts: receipts.length }]
      : receipts.length > 0
        ? ['receipt.import', { count: receipts.length }]
        : ['watchedFolder.files', { files: batch.map((b) => b.file.name).slice(0, 100) }]
  await ctx.ledger.write({ command: command as string, operator, payload: payload as never, at }, async (db) => {
    const receiver = await receiverOf(db)
    if (receiver === null) throw new ProblemError(problem('INSTITUTION_MISSING', {}))
    // What was good in Prova may not be any more.
    await holdEnvironment(db, environment)
    const outcomes = await keepFlows(
      db,
      flows.flatMap((f) => f.flow?.flow ?? []),
      receiver,
      at,
    )
    for (const [i, { file }] of flows.entries()) file.outcome = outcomes[i] ?? 'added'
    await insertReceipts(
      db,
      receipts.flatMap((r) => r.receipt?.receipt ?? []),
    )
    await takeExternalIuvs(
      db,
      receipts.map((r) => r.file.reference ?? ''),
      at,
    )
    const raised = await raiseSpontaneous(
      db,
      receipts.map((r) => r.file.reference ?? ''),
      { at, operator },
    )
    const arrived = told.map(({ file, size, source }): ArrivedFile => ({ ...arrivedOf(file), size, source }))
    await rememberFiles(db, arrived, at, operator)
    if (news.length > 0) await reconcileLedger(db, at, { people: raised.people })
  })
}

function arrivedOf({ kind, name, sha256, outcome, problems }: IntakeFile) {
  return { kind, name, sha256, outcome, problems }
}

/** Flows and receipts whose facts are not kept yet; the others are told what they are. */
async function newToTheLedger(ctx: ServiceContext, batch: readonly ReadOne[]): Promise<ReadOne[]> {
  return ctx.ledger.read(async (db) => {
    const news: ReadOne[] = []
    const iuvs = batch.flatMap((b) => b.receipt?.receipt?.receipt.iuv ?? [])
    const kept = new Map<string, ReceiptFacts>((await receiptsOf(db, iuvs)).map((r) => [keyOf(r), r]))
    for (const one of batch) {
      const flow = one.flow?.flow ?? null
      const receipt = one.receipt?.receipt ?? null
      if (flow !== null) {
        if (await isKnownFlow(db, flow)) one.file.outcome = 'already'
        else news.push(one)
      } else if (receipt !== null) {
        const facts = factsOf(receipt)
        const known = kept.get(keyOf(facts))
        const conflict = known ? receiptConflict(known, facts) : null
        if (conflict) {
          one.file.outcome = 'refused'
          one.file.problems = [{ ...conflict, file: one.file.name }]
        } else if (known) one.file.outcome = 'already'
        else {
          kept.set(keyOf(facts), facts)
          news.push(one)
        }
      }
    }
    return news
  })
}

function keyOf({ iuv, iur }: { readonly iuv: string; readonly iur: string }): string {
  return `${iuv}|${iur}`
}

/** Files that a person handed over. */
export async function* uploadedFiles(ctx: ServiceContext, tokens: readonly FileToken[]): AsyncGenerator<IncomingFile> {
  for (const token of tokens) {
    const file = await ctx.files.open(token)
    yield { name: file.name, source: 'file', token, bytes: () => file.bytes() }
  }
}

export const intake = {
  import: os.intake.import.handler(({ context, input, signal }) =>
    longWork(signal, async (report) => {
      const kinds = ['flow', 'receipt', 'statement'] as const
      const files = await importFiles(context, uploadedFiles(context, input.tokens), {
        ...{ kinds, total: input.tokens.length, report },
      })
      return { files: files.map(({ sha256: _, statement: __, ...f }) => ({ ...f, problems: [...f.problems] })) }
    }),
  ),
}
