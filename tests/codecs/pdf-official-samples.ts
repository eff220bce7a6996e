import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { NoticeKitInput } from '#codecs/pdf/notice-kit'
import { isoDate } from '#domain/date'
import { cents } from '#domain/money'
import type { NoticeCreditor, NoticeData, NoticePayment } from '#domain/notice'
import { NOTICE_GRAPHICS, type NoticeGraphic } from '#domain/notice-graphics'
import type { NoticeNumber } from '#domain/notice-number'

/** What the six official papers say, so that ours can say the same and be laid over them. */
export interface OfficialSample {
  readonly file: string
  readonly pages: number
  readonly creditor: NoticeCreditor
  readonly notice: NoticeData
}

const creditor: NoticeCreditor = {
  fiscalCode: '99999000013',
  name: 'Comune di Test',
  office: 'Settore di Test',
  info: 'Info di Test',
  cbill: 'CBI1234',
  online: 'site',
  postal: null,
}

const postal: NoticeCreditor = {
  ...creditor,
  postal: { number: '000000123456', holder: 'Comune di Test', authorisation: 'AUT. 08/5 S3/81 53079 08129.07.20211' },
}

/** The samples' own numbers fail their check digits, so they are named here without the guard. */
function pay(number: string, amount: number, due: string): NoticePayment {
  return { noticeNumber: number as NoticeNumber, cents: cents(amount), dueDate: isoDate(due) }
}

function said(single: NoticePayment, ...installments: NoticePayment[]): NoticeData {
  return {
    single,
    installments,
    subject: 'Avviso Pagamento di TEST',
    debtor: {
      name: 'Mario Rossi',
      fiscalCode: 'FFFCST83A15L113V',
      addressLines: ['Via Nazionale 1', '00100 Roma (RM)'],
    },
  }
}

const single = pay('470000008800999051', 150_000, '2024-12-31')
const two = said(
  pay('470000008800999051', 300_000, '2024-12-30'),
  pay('470000008800999062', 160_000, '2024-12-31'),
  pay('470000008800999073', 140_000, '2025-12-31'),
)
const three = said(
  pay('470000008800999050', 450_000, '2024-12-31'),
  pay('470000008800999051', 150_000, '2024-12-31'),
  pay('470000008800999062', 150_000, '2025-12-31'),
  pay('470000008800999073', 150_000, '2026-12-31'),
)

export const OFFICIAL_SAMPLES: readonly OfficialSample[] = [
  { file: 'scenario_ft_01', pages: 1, creditor, notice: said(single) },
  { file: 'scenario_ft_03', pages: 1, creditor: postal, notice: said(single) },
  {
    file: 'scenario_ft_04',
    pages: 1,
    creditor: {
      ...postal,
      office: null,
      postal: { ...(postal.postal as NonNullable<NoticeCreditor['postal']>), number: '232323' },
    },
    notice: said(pay('470000008800999051', 100, '2024-12-31')),
  },
  { file: 'scenario_ft_09', pages: 1, creditor, notice: two },
  { file: 'scenario_ft_13', pages: 2, creditor: postal, notice: two },
  { file: 'scenario_ft_15', pages: 2, creditor: postal, notice: three },
]

/** The kit with the official graphics of the specifications, which stay there. */
export function officialKit(sample: OfficialSample, specs: string): NoticeKitInput {
  const graphics = new Map<NoticeGraphic, Uint8Array>()
  for (const [kind, { stem }] of Object.entries(NOTICE_GRAPHICS)) {
    // The title is drawn with a face of its own that the file does not bring.
    if (kind === 'title') continue
    const file = join(specs, 'pagopa-data/notice/avviso-pagopa-assets', `${stem}.svg`)
    graphics.set(kind as NoticeGraphic, readFileSync(file))
  }
  return { creditor: sample.creditor, logo: null, second: null, graphics }
}
