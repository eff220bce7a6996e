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
    const party = detail.at(`RltdPties/${other}`)
    say(party?.textAt('Nm') ?? party?.textAt('Pty/Nm') ?? '')
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

function bareOf(text: string): string {
  return text.replaceAll(/\s+/g, '').toUpperCase()
}
