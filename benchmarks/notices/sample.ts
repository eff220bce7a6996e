// The notice that every candidate draws: single payment with postal slip, both codes, a name of its own for each.
import type { NoticeKitInput } from '#codecs/pdf/notice-kit'
import { isoDate } from '#domain/date'
import { cents } from '#domain/money'
import type { NoticeData } from '#domain/notice'
import { composeNoticeNumber, type SegregationCode } from '#domain/notice-number'

export const INPUT: NoticeKitInput = {
  creditor: {
    fiscalCode: '80087670016',
    name: 'Ordine dei Periti Inventati di Prova',
    office: 'Segreteria',
    info: 'Lunedì e giovedì, ore 9–12.30',
    cbill: 'AB12C',
    online: 'site',
    postal: {
      number: '12345678',
      holder: 'Ordine dei Periti Inventati di Prova',
      authorisation: 'AUT. DB/PROVA/PROVA 12345 DEL 01/01/2026',
    },
  },
  logo: null,
  second: null,
  graphics: new Map(),
}

export const INFO = { title: 'Avvisi', author: INPUT.creditor.name, subject: 'Prova' }

export function notice(n: number): NoticeData {
  return {
    single: {
      noticeNumber: composeNoticeNumber('01' as SegregationCode, 2_026_000_000_000 + n).noticeNumber,
      cents: cents(10_000 + n),
      dueDate: isoDate('2026-03-31'),
    },
    installments: [],
    subject: 'Quota annuale di iscrizione all’albo e diritti di segreteria 2026',
    debtor: {
      name: `Maria Antonia Persona Inventata ${n}`,
      fiscalCode: 'DNGDAA80A41H501B',
      addressLines: [`Via delle Prove ${n}`, '10100 Torino (TO)'],
    },
  }
}
