import { mkdtempSync, rmSync } from 'node:fs'
import { unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { QR_SIZE } from '#codecs/barcode/qr'
import type { Canvas } from '#codecs/pdf/canvas'
import { drawNotice, layNotice, layoutName } from '#codecs/pdf/notice-kit'
import { formatDate } from '#domain/date'
import { formatCents } from '#domain/money'
import { type NoticeCreditor, type NoticePayment, noticePayments, noticeQrText } from '#domain/notice'
import { groupNoticeNumber } from '#domain/notice-number'
import { postalSlipText } from '#domain/postal-slip'
import { type RandomNotice, randomNotices } from './notice-random-cases.ts'
import { overlaps } from './pdf-overlap.ts'
import { has } from './pdf-tools.ts'
import {
  cutCode,
  type Grey,
  inLanes,
  type RenderedPage,
  readDataMatrices,
  readQrs,
  renderPages,
  run,
} from './rendered-codes.ts'

const LONG = process.env.QUIETANZA_LONG === '1'
const COUNT = LONG ? 5000 : 200
/** Notices whose codes are read together. */
const BATCH = 25
const SEED = LONG ? Date.now() % 1_000_000 : 3

const missing = ['qpdf', 'pdftoppm', 'pdftotext', 'pdfinfo'].filter((program) => !has(program))

const folder = mkdtempSync(join(tmpdir(), 'quietanza-notices-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Everything the payer must be able to read, without its blanks. */
function fieldsOf({ notice, kit }: RandomNotice): string[] {
  const { creditor, second, words } = kit.style
  const { debtor, subject } = notice
  const payments = noticePayments(notice)
  const fields: (string | null)[] = [
    ...payments.map((payment) => groupNoticeNumber(payment.noticeNumber)),
    ...payments.map((payment) => formatCents(payment.cents)),
    ...payments.map(({ dueDate }) => (dueDate === null ? null : formatDate(dueDate))),
    ...[subject, debtor.name, debtor.fiscalCode, ...debtor.addressLines],
    ...[creditor.name, creditor.office, creditor.info, creditor.cbill, creditor.fiscalCode],
    ...(creditor.postal === null
      ? []
      : [creditor.postal.number, creditor.postal.holder, creditor.postal.authorisation, words.slipTitle]),
    ...[words.title, second?.words.title ?? null],
  ]
  return fields.filter((field) => field !== null).map(bare)
}

const bare = (text: string): string => text.normalize('NFC').replace(/\s+/g, '')

interface Expected {
  readonly qr: string[]
  readonly dataMatrix: string[]
}

function codesOf({ notice, kit }: RandomNotice): Expected {
  const { creditor } = kit.style
  const payments = noticePayments(notice)
  return {
    qr: payments.map(({ noticeNumber, cents }) => noticeQrText(noticeNumber, creditor.fiscalCode, cents)),
    dataMatrix: withPostal(creditor)
      ? payments.map((payment: NoticePayment) => postalSlipText(payment, creditor, notice.debtor, notice.subject))
      : [],
  }
}

function withPostal(
  creditor: NoticeCreditor,
): creditor is NoticeCreditor & { postal: NonNullable<NoticeCreditor['postal']> } {
  return creditor.postal !== null
}

type Wrong = (label: string, what: string) => void

interface Rendered {
  readonly label: string
  readonly expected: Expected
  readonly qr: readonly Grey[]
  readonly dataMatrix: readonly Grey[]
}

/** Draws one notice, has the file judged, and cuts its codes out of the rendered pages; tells `wrong` what is not as it should be. */
async function judge(random: RandomNotice, index: number, wrong: Wrong): Promise<Rendered> {
  const { label, notice, kit } = random
  const pages = layNotice(notice, kit)
  for (const page of pages) for (const overlap of overlaps(page)) wrong(label, overlap)
  const path = join(folder, `notice-${index}.pdf`)
  await writeFile(path, drawNotice(notice, kit))
  const [checked, info, text] = (
    await Promise.all([
      run('qpdf', ['--check', path]),
      run('pdfinfo', [path]),
      run('pdftotext', ['-raw', '-enc', 'UTF-8', path, '-']),
    ])
  ).map((out) => out.toString('utf8')) as [string, string, string]
  if (!/No syntax or stream encoding errors found/.test(checked)) wrong(label, `qpdf: ${checked}`)
  if (!/^Tagged: +yes$/m.test(info)) wrong(label, 'not tagged')
  if (!new RegExp(`^Pages: +${pages.length}$`, 'm').test(info)) wrong(label, `${pages.length} pages, pdfinfo: ${info}`)
  const flat = bare(text)
  for (const field of fieldsOf(random)) if (!flat.includes(field)) wrong(label, `pdftotext does not find «${field}»`)
  const rendered = await renderPages(path)
  await unlink(path)
  const cut = (wanted: (modules: number) => boolean): Grey[] =>
    pages.flatMap((page: Canvas, i) =>
      page.codes
        .filter((code) => wanted(code.modules))
        .map((code) => cutCode(rendered[i] as RenderedPage, code, page.unit)),
    )
  return {
    label,
    expected: codesOf(random),
    qr: cut((modules) => modules === QR_SIZE),
    dataMatrix: cut((modules) => modules !== QR_SIZE),
  }
}

/** The codes of many notices, read at once and given back to their notices in order. */
async function readBack(batch: readonly Rendered[], kind: 'qr' | 'dataMatrix', wrong: Wrong): Promise<void> {
  const read = kind === 'qr' ? readQrs : readDataMatrices
  const pictures = batch.flatMap((one) => one[kind])
  const texts = await read(pictures, folder)
  let at = 0
  for (const { label, expected, [kind]: drawn } of batch) {
    if (drawn.length !== expected[kind].length) wrong(label, `${drawn.length} codes, ${expected[kind].length} payments`)
    expected[kind].forEach((text, i) => {
      if (texts[at + i] !== text) wrong(label, `${kind} ${i} reads «${texts[at + i]}», not «${text}»`)
    })
    at += drawn.length
  }
}

describe.skipIf(missing.length > 0)(`random notices (skipped without ${missing.join(', ')})`, () => {
  test(
    `${COUNT} over all layouts: clean, tagged, whole, nothing overlaps, every code reads back (seed ${SEED})`,
    async () => {
      const found: string[] = []
      const wrong: Wrong = (label, what) => found.push(`${label}: ${what}`)
      const layouts = new Set<string>()
      let qrs = 0
      let matrices = 0
      const all = randomNotices(COUNT, SEED)
      for (let first = 0; first < COUNT; first += BATCH) {
        const batch = Array.from({ length: BATCH }, () => all.next().value as RandomNotice)
        const rendered = await inLanes([...batch.entries()], 2, ([i, random]) => judge(random, first + i, wrong))
        await Promise.all([readBack(rendered, 'qr', wrong), readBack(rendered, 'dataMatrix', wrong)])
        for (const { qr, dataMatrix } of rendered) {
          qrs += qr.length
          matrices += dataMatrix.length
        }
        for (const { notice, kit } of batch) layouts.add(layoutName(notice, kit))
      }
      expect(found.slice(0, 30)).toEqual([])
      expect(qrs).toBeGreaterThan(COUNT * 5)
      expect(matrices).toBeGreaterThan(COUNT * 2)
      // Payments × slip × due date × language.
      expect(layouts.size).toBeGreaterThanOrEqual(184)
    },
    LONG ? 3_600_000 : 300_000,
  )
})
