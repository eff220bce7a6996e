import { add, type Cents, formatDecimal, negate, sum } from '#domain/money'
import type { WritableStatement } from './statement-csv-write.ts'

/** The same statement as camt.053.001.02, the form in which banks hand it to programs: one entry each, with both balances. */
export function writeCamtStatement(statement: WritableStatement): Uint8Array {
  const { iban, holder, from, to, openingCents, movements } = statement
  const closing = add(openingCents, sum(movements.map((movement) => movement.amountCents)))
  const id = `${iban.slice(-12)}${to.replaceAll('-', '')}`
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">',
    '<BkToCstmrStmt>',
    `<GrpHdr><MsgId>${id}</MsgId><CreDtTm>${to}T20:00:00</CreDtTm></GrpHdr>`,
    `<Stmt><Id>${id}</Id><CreDtTm>${to}T20:00:00</CreDtTm>`,
    `<FrToDt><FrDtTm>${from}T00:00:00</FrDtTm><ToDtTm>${to}T23:59:59</ToDtTm></FrToDt>`,
    `<Acct><Id><IBAN>${iban}</IBAN></Id><Ccy>EUR</Ccy><Ownr><Nm>${escapeXml(holder)}</Nm></Ownr></Acct>`,
    balance('OPBD', openingCents, from),
    balance('CLBD', closing, to),
    ...movements.map(
      (movement) =>
        `<Ntry>${amount(movement.amountCents)}<Sts>BOOK</Sts><BookgDt><Dt>${movement.bookingDate}</Dt></BookgDt>${
          movement.valueDate === null ? '' : `<ValDt><Dt>${movement.valueDate}</Dt></ValDt>`
        }<BkTxCd><Prtry><Cd>${movement.amountCents > 0 ? '48' : '26'}</Cd></Prtry></BkTxCd><AddtlNtryInf>${escapeXml(movement.description)}</AddtlNtryInf></Ntry>`,
    ),
    '</Stmt></BkToCstmrStmt></Document>',
    '',
  ]
  return new TextEncoder().encode(lines.join('\n'))
}

function balance(code: 'OPBD' | 'CLBD', cents: Cents, day: string): string {
  return `<Bal><Tp><CdOrPrtry><Cd>${code}</Cd></CdOrPrtry></Tp>${amount(cents)}<Dt><Dt>${day}</Dt></Dt></Bal>`
}

function amount(cents: Cents): string {
  const debit = cents < 0
  return `<Amt Ccy="EUR">${formatDecimal(debit ? negate(cents) : cents)}</Amt><CdtDbtInd>${debit ? 'DBIT' : 'CRDT'}</CdtDbtInd>`
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
