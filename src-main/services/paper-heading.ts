import type { PaperInstitution } from '#domain/quietanza-paper'
import { readInstitution } from '#ledger/institution'
import type { ReadHandle } from '#ledger/ledger'

/** The institution as our own papers name it at their head. */
export async function paperInstitution(db: ReadHandle): Promise<PaperInstitution> {
  const institution = await readInstitution(db)
  return {
    name: institution?.name ?? '',
    fiscalCode: institution?.fiscalCode ?? '',
    office: institution?.office || null,
  }
}

/** «Banca di prova, IT66S…» */
export function accountName(row: { readonly account: string; readonly iban: string | null }): string {
  return row.iban === null ? row.account : `${row.account}, ${row.iban}`
}
