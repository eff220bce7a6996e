import type { IsoDate } from '#domain/date'
import type { FiscalCode } from '#domain/fiscal-code'
import { isSegregationCode, type SegregationCode } from '#domain/notice-number'
import type { ReadHandle, WriteHandle } from './ledger.ts'

/** The institution as the screen edits it: empty texts for what is not known. */
export interface Institution {
  readonly fiscalCode: string
  readonly name: string
  readonly office: string
  readonly cbill: string
  readonly info: string
  readonly environment: 'rehearsal' | 'uat' | 'production'
  readonly segregationCode: string
  readonly hasLogo: boolean
}

/** What its form writes. */
export type InstitutionInput = Omit<Institution, 'hasLogo' | 'environment'>

/** The one institution of this ledger with the segregation code that issues, or null before the first run. */
export async function readInstitution(db: ReadHandle): Promise<Institution | null> {
  const row = await db.selectFrom('creditorInstitution').selectAll().executeTakeFirst()
  if (!row) return null
  const segregation = await db
    .selectFrom('segregationCode')
    .select('code')
    .where('use', '=', 'issue')
    .executeTakeFirst()
  return {
    fiscalCode: row.fiscalCode,
    name: row.name,
    office: row.office ?? '',
    cbill: row.cbill ?? '',
    info: row.info ?? '',
    environment: row.environment,
    segregationCode: segregation?.code ?? '',
    hasLogo: row.logoBase64 !== null,
  }
}

/** Writes the institution, a new one in the rehearsal; a changed segregation code keeps the old one for reading and issues with the new one. */
export async function saveInstitution(db: WriteHandle, institution: InstitutionInput, today: IsoDate): Promise<void> {
  const values = {
    fiscalCode: institution.fiscalCode as FiscalCode,
    name: institution.name,
    office: institution.office || null,
    cbill: institution.cbill || null,
    info: institution.info || null,
  }
  const updated = await db
    .updateTable('creditorInstitution')
    .set(values)
    .where('id', '=', 1 as never)
    .executeTakeFirst()
  if (updated.numUpdatedRows === 0n) {
    await db
      .insertInto('creditorInstitution')
      .values({ id: 1 as never, logoBase64: null, environment: 'rehearsal', ...values })
      .execute()
  }
  await issueWithSegregationCode(db, institution.segregationCode, today)
}

async function issueWithSegregationCode(db: WriteHandle, code: string, today: IsoDate): Promise<void> {
  if (!isSegregationCode(code)) throw new RangeError(`segregation code: ${code}`)
  const present = await db.selectFrom('segregationCode').selectAll().where('use', '=', 'issue').executeTakeFirst()
  if (present?.code === code) return
  if (present) {
    await db
      .updateTable('segregationCode')
      .set({ use: 'readOnly', validTo: today })
      .where('id', '=', present.id)
      .execute()
  }
  const known = await db
    .updateTable('segregationCode')
    .set({ use: 'issue', validTo: null })
    .where('code', '=', code)
    .executeTakeFirst()
  if (known.numUpdatedRows > 0n) return
  await db
    .insertInto('segregationCode')
    .values({ code: code as SegregationCode, validFrom: today, validTo: null, use: 'issue' })
    .execute()
}

export async function readLogo(db: ReadHandle): Promise<string | null> {
  const row = await db.selectFrom('creditorInstitution').select('logoBase64').executeTakeFirst()
  return row?.logoBase64 ?? null
}

export async function saveLogo(db: WriteHandle, logoBase64: string | null): Promise<void> {
  await db.updateTable('creditorInstitution').set({ logoBase64 }).execute()
}

/** Of all the notices that are this institution's, old codes too. */
export async function listSegregationCodes(db: ReadHandle): Promise<string[]> {
  return (await db.selectFrom('segregationCode').select('code').orderBy('code').execute()).map((row) => row.code)
}
