import type { NoticeKitInput } from '#codecs/pdf/notice-kit'
import type { NoticePostalAccount } from '#domain/notice'
import type { NoticeGraphic } from '#domain/notice-graphics'
import type { NoticeWords, SecondLanguage } from '#domain/notice-words'
import { ProblemError, problem } from '#domain/problem'
import { secondWords } from '#domain/second-words'
import { type BankAccountRow, listBankAccounts } from '#ledger/bank-account'
import { readInstitution, readLogo } from '#ledger/institution'
import type { ReadHandle } from '#ledger/ledger'
import { readGraphics, readNoticeStyle, readOwnWords, type SavedNoticeStyle } from '#ledger/notice-style'

/**
 * All that this institution's notices share, as the books have it; with `style`, as it would be once that is saved.
 * @throws ProblemError without institution.
 */
export async function readNoticeKitInput(db: ReadHandle, style?: SavedNoticeStyle): Promise<NoticeKitInput> {
  const institution = await readInstitution(db)
  if (institution === null) throw new ProblemError(problem('INSTITUTION_MISSING', {}))
  const chosen = style ?? (await readNoticeStyle(db))
  const logo = institution.hasLogo ? await readLogo(db) : null
  const graphics = new Map<NoticeGraphic, Uint8Array>()
  for (const { kind, bytes } of await readGraphics(db)) graphics.set(kind, bytes)
  return {
    creditor: {
      fiscalCode: institution.fiscalCode,
      name: institution.name,
      office: institution.office || null,
      info: institution.info || null,
      cbill: institution.cbill || null,
      online: chosen.online,
      postal: await postalOf(db, chosen),
    },
    logo: logo === null ? null : new Uint8Array(Buffer.from(logo, 'base64')),
    second:
      chosen.secondLanguage === null
        ? null
        : { language: chosen.secondLanguage, words: await wordsOf(db, chosen.secondLanguage) },
    graphics,
  }
}

/** Null as well where the account was closed or changed its kind since: the settings warn of it. */
async function postalOf(db: ReadHandle, style: SavedNoticeStyle): Promise<NoticePostalAccount | null> {
  const account = await slipAccount(db, style)
  if (account === null || slipObstacle(account) !== null || !account.postalAccount) return null
  return {
    number: account.postalAccount,
    holder: style.postalHolder,
    authorisation: style.postalAuthorisation || null,
  }
}

export async function slipAccount(db: ReadHandle, style: SavedNoticeStyle): Promise<BankAccountRow | null> {
  if (style.postalAccountId === null) return null
  return (await listBankAccounts(db)).find((row) => row.id === style.postalAccountId) ?? null
}

/** Why the postal slip cannot carry that account, or null. */
export function slipObstacle(account: BankAccountRow) {
  const { name } = account
  if (account.kind !== 'postal') return problem('SLIP_ACCOUNT_KIND', { name }, { field: 'Conto postale' })
  if (!account.postalAccount) return problem('SLIP_ACCOUNT_NUMBER', { name }, { field: 'Conto postale' })
  if (account.closedDate) return problem('SLIP_ACCOUNT_CLOSED', { name }, { field: 'Conto postale' })
  return null
}

/** The proposed words of a language, with those that the institution replaced. */
async function wordsOf(db: ReadHandle, language: SecondLanguage): Promise<NoticeWords> {
  return secondWords(language, Object.fromEntries(await readOwnWords(db, language)))
}
