import type { MovementDetails } from '#domain/bank-statement'
import { givenText } from './statement-details.ts'
import type { XmlElement } from './xml-element.ts'

/**
 * What an entry says, in the bank's words. The remittance of each detail comes first, its pieces joined with nothing: the
 * bank cuts the causale at 35 or 140 characters wherever that falls. Some write it only as additional information.
 */
export function entryText(entry: XmlElement, details: readonly XmlElement[]): string {
  const said: string[] = []
  const say = (text: string) => {
    const clean = text.replaceAll(/[ \t]*[\r\n]+[ \t]*/g, ' ').trim()
    const bare = bareOf(clean)
    if (bare !== '' && !said.some((s) => bareOf(s).includes(bare))) said.push(clean)
  }
  for (const detail of details) {
    const remittance = detail.all('RmtInf')
    say(remittance.flatMap((r) => r.all('Ustrd').map((u) => u.raw)).join(''))
    for (const structured of remittance.flatMap((r) => r.all('Strd'))) {
      for (const reference of structured.all('CdtrRefInf')) say(reference.textAt('Ref') ?? '')
      say(
        structured
          .all('AddtlRmtInf')
          .map((a) => a.raw)
          .join(''),
      )
    }
    say(detail.child('AddtlTxInf')?.raw ?? '')
  }
  say(entry.child('AddtlNtryInf')?.raw ?? '')
  const other = entry.textAt('CdtDbtInd') === 'DBIT' ? 'Cdtr' : 'Dbtr'
  for (const detail of details) {
    say(partyName(detail, other) ?? '')
  }
  return said.join(' ')
}

/** Of the one payment of an entry (TRN, then the bank's, then the payer's), else of the entry. */
export function entryReference(entry: XmlElement, details: readonly XmlElement[]): string | null {
  const one = details.length === 1 ? details[0]?.child('Refs') : null
  const written = [
    ...['TxId', 'AcctSvcrRef'].map((name) => one?.textAt(name)),
    entry.textAt('AcctSvcrRef'),
    ...['InstrId', 'EndToEndId'].map((name) => one?.textAt(name)),
    entry.textAt('NtryRef'),
  ]
  return written.find((text) => text && !/^NOT\s*PROVIDED?$/i.test(text)) ?? null
}

/**
 * What stands apart from the text. Of a batch only what all its payments share; a reversal names the parties of the
 * payment that it takes back, so they stand the other way round.
 */
export function entryDetails(entry: XmlElement, details: readonly XmlElement[]): MovementDetails {
  const reversal = ['true', '1'].includes(entry.textAt('RvslInd') ?? '')
  const debit = entry.textAt('CdtDbtInd') === 'DBIT'
  const [other, own] = debit === reversal ? ['Dbtr', 'Cdtr'] : ['Cdtr', 'Dbtr']
  const name = (detail: XmlElement) =>
    partyName(detail, other as string) ?? (reversal ? partyName(detail, own as string) : null)
  return {
    counterparty: shared(details, name),
    endToEndId: shared(details, (detail) => givenText(detail.textAt('Refs/EndToEndId'))),
    transactionCode: codeOf(entry) ?? shared(details, codeOf),
    takesBack: reversal && debit ? { kind: 'reversal' } : null,
  }
}

function shared(details: readonly XmlElement[], read: (detail: XmlElement) => string | null): string | null {
  const [first, ...others] = new Set(details.map(read))
  return others.length > 0 ? null : (first ?? null)
}

/** Up to .07 the name stands in the party, from .08 on in what the party is. */
function partyName(detail: XmlElement, side: string): string | null {
  const party = detail.at(`RltdPties/${side}`)
  return party?.textAt('Nm') ?? party?.textAt('Pty/Nm') ?? null
}

/** The CBI code (`48` of `48//00`), any other that the bank has, else the family of ISO. */
function codeOf(of: XmlElement): string | null {
  const own = of.textAt('BkTxCd/Prtry/Cd')
  if (own) return own.split('/')[0] || own
  const family = ['Cd', 'Fmly/Cd', 'Fmly/SubFmlyCd'].map((name) => of.textAt(`BkTxCd/Domn/${name}`))
  return family.filter((code) => code !== null).join('-') || null
}

function bareOf(text: string): string {
  return text.replaceAll(/\s+/g, '').toUpperCase()
}
