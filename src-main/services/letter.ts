import type { Id } from '#domain/brand'
import { isoDate } from '#domain/date'
import { LETTER_FIELD_LIST, LETTER_FIELDS } from '#domain/letter'
import { cents } from '#domain/money'
import type { NoticeNumber } from '#domain/notice-number'
import { type Problem, ProblemError, problem } from '#domain/problem'
import { unknownField } from '#domain/template'
import { listUnfinishedTemplates } from '#ledger/campaign'
import { type LetterText, listLetters, readLetter, removeLetter, saveLetter } from '#ledger/letter'
import { type NoticeFacts, readNoticeFacts } from '#ledger/notice-facts'
import { command } from './command.ts'
import { os } from './context.ts'
import { letterPaper } from './notice-paper.ts'
import type { CampaignTemplate } from './outbox/channel.ts'
import { paperInstitution } from './paper-heading.ts'
import { PDF_MIME, today } from './produced-file.ts'

const PLACES = { subject: 'Oggetto', body: 'Testo', signature: 'Firma' } as const

/** @throws ProblemError that names each place with a field that nobody knows. */
export function checkTemplates(texts: Readonly<Partial<Record<keyof typeof PLACES, string>>>): void {
  const problems: Problem[] = []
  for (const place of ['subject', 'body', 'signature'] as const) {
    const field = unknownField(texts[place] ?? '', LETTER_FIELDS)
    if (field === null) continue
    problems.push(problem('TEMPLATE_FIELD_UNKNOWN', { field, known: LETTER_FIELD_LIST }, { field: PLACES[place] }))
  }
  if (problems.length > 0) throw new ProblemError(...problems)
}

/** Nobody: a letter is seen before there is any position. */
const INVENTED: NoticeFacts = {
  ...{ open: null, validUntil: null },
  debtPositionId: 0 as Id<'debtPosition'>,
  version: 1,
  lifecycle: 'issued',
  payment: 'unpaid',
  personId: 0 as Id<'person'>,
  name: 'Ginevra D’Albarosa',
  fiscalCode: 'DLBGVR80A41B354F',
  payments: {
    single: invented(0, 24_000, '2026-03-31'),
    installments: [
      invented(1, 8_000, '2026-03-31'),
      invented(2, 8_000, '2026-05-31'),
      invented(3, 8_000, '2026-07-31'),
    ],
  },
  description: 'Quota di iscrizione 2026',
  year: 2026,
  issuance: 'Quote 2026',
  address: {
    street: 'Via dei Platani',
    civicNumber: '12',
    postalCode: '09124',
    city: 'Cagliari',
    province: 'CA',
    country: 'IT',
    value: 'Via dei Platani 12, 09124 Cagliari (CA)',
  },
}

function invented(n: number, amount: number, due: string) {
  const iuv = `0100000000000120${n}`
  return { noticeNumber: `3${iuv}` as NoticeNumber, iuv, cents: cents(amount), dueDate: isoDate(due) }
}

export const letter = {
  list: os.letter.list.handler(({ context }) => context.ledger.read(listLetters)),

  save: os.letter.save.handler(({ context, input }) => {
    checkTemplates(input)
    const { id, ...text } = input
    return context.ledger.write(command(context, 'letter.save', { id, name: text.name }), async (db) => {
      const name = text.name.toLocaleLowerCase('it')
      const rival = (await listLetters(db)).find((row) => row.id !== id && row.name.toLocaleLowerCase('it') === name)
      if (rival) throw new ProblemError(problem('LETTER_NAME_TAKEN', { name: text.name }, { field: 'Nome' }))
      const saved = await saveLetter(db, id, text satisfies LetterText)
      if (saved === null) throw new ProblemError(problem('LETTER_GONE', {}))
      return { id: saved, ...text }
    })
  }),

  remove: os.letter.remove.handler(async ({ context, input }) => {
    const present = await context.ledger.read((db) => readLetter(db, input.id))
    const name = present?.name ?? ''
    await context.ledger.write(command(context, 'letter.remove', { id: input.id, name }), async (db) => {
      const accompanies = (json: string) => (JSON.parse(json) as CampaignTemplate).letter?.id === input.id
      if ((await listUnfinishedTemplates(db)).some(accompanies))
        throw new ProblemError(problem('LETTER_IN_USE', { name }))
      if (!(await removeLetter(db, input.id))) throw new ProblemError(problem('LETTER_GONE', {}))
    })
    return { id: input.id }
  }),

  preview: os.letter.preview.handler(async ({ context, input }) => {
    checkTemplates(input)
    const { debtPositionId } = input
    const paper = await context.ledger.read(async (db) => {
      const [facts] = debtPositionId === null ? [INVENTED] : await readNoticeFacts(db, [debtPositionId])
      if (facts === undefined) throw new ProblemError(problem('POSITION_GONE', {}))
      return letterPaper(input, facts, { institution: await paperInstitution(db), today: today(context) })
    })
    return new File([await context.press.letter(paper)], 'lettera.pdf', { type: PDF_MIME })
  }),
}
