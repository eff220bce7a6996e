import { createHash } from 'node:crypto'
import { drawNotice, type NoticeKit, prepareNoticeKit } from '#codecs/pdf/notice-kit'
import type { NoticeData } from '#domain/notice'
import { ProblemError, problem } from '#domain/problem'
import { readInstitution, readLogo } from '#ledger/institution'
import type { ReadHandle } from '#ledger/ledger'
import type { NoticeFacts } from '#ledger/notice-facts'

/** Name of the one layout that exists, as the ledger keeps it with the hash of each paper. */
export const NOTICE_LAYOUT = { layout: 'a4-single', languages: 'it' } as const

/** What the notices of this institution share; made once for a run. */
export async function noticeKit(db: ReadHandle): Promise<NoticeKit> {
  const institution = await readInstitution(db)
  if (institution === null) throw new ProblemError(problem('INSTITUTION_MISSING', {}))
  const logo = institution.hasLogo ? await readLogo(db) : null
  return prepareNoticeKit({
    creditor: {
      fiscalCode: institution.fiscalCode,
      name: institution.name,
      office: institution.office || null,
      info: institution.info || null,
      cbill: institution.cbill || null,
      online: null,
      postal: null,
    },
    logo: logo === null ? null : new Uint8Array(Buffer.from(logo, 'base64')),
    second: null,
    graphics: new Map(),
  })
}

export function noticeData(facts: NoticeFacts): NoticeData {
  return {
    single: { noticeNumber: facts.noticeNumber, cents: facts.cents, dueDate: facts.dueDate },
    installments: [],
    subject: facts.description,
    debtor: { name: facts.name, fiscalCode: facts.fiscalCode, addressLines: addressLines(facts.address) },
  }
}

/** «Via Roma 12» and «09124 Cagliari (CA)»; the whole line where the parts are not known. */
function addressLines(address: NoticeFacts['address']): string[] {
  if (address === null) return []
  if (address.street === null) return [address.value]
  const join = (...parts: (string | null)[]) => parts.filter((part) => part !== null && part !== '').join(' ')
  const province = address.province === null || address.province === '' ? null : `(${address.province})`
  const country = address.country === null || address.country === 'IT' ? null : address.country
  return [
    join(address.street, address.civicNumber),
    join(address.postalCode, address.city, province),
    join(country),
  ].filter((line) => line !== '')
}

export interface DrawnNotice {
  readonly bytes: Uint8Array
  readonly sha256: string
}

/** @throws ProblemError where a text cannot be printed. */
export function drawFacts(facts: NoticeFacts, kit: NoticeKit): DrawnNotice {
  const bytes = drawNotice(noticeData(facts), kit)
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
}

/** `CodiceFiscale_Anno_IUV.pdf`, only of characters that every disk takes. */
export function noticeFileName(facts: NoticeFacts): string {
  const code = (facts.fiscalCode ?? 'SENZA-CODICE').replace(/[^A-Za-z0-9-]/g, '')
  return `${code}_${facts.year}_${facts.iuv.replace(/[^A-Za-z0-9]/g, '')}.pdf`
}
