import { shortened, shownMail } from '#codecs/mail-shown'
import type { Id } from '#domain/brand'
import { ProblemError, problem } from '#domain/problem'
import type { ReadHandle } from '#ledger/ledger'
import type { DeliveryEvidenceKind } from '#ledger/schema/delivery'
import type { ServiceContext } from './context.ts'

const TITLES: Readonly<Record<DeliveryEvidenceKind, string>> = {
  smtp: 'Risposta del server di posta',
  accettazione: 'Ricevuta di accettazione',
  nonAccettazione: 'Avviso di non accettazione',
  presaInCarico: 'Ricevuta di presa in carico',
  consegna: 'Ricevuta di avvenuta consegna',
  mancata: 'Avviso di mancata consegna',
  preavviso: 'Preavviso di mancata consegna',
  anomalia: 'Anomalia di messaggio',
  virus: 'Avviso di virus',
  dsn: 'Avviso di mancato recapito',
  file: 'File scritto',
  index: 'Indice dei file',
  post: 'Lotto per la posta',
  io: 'Risposta di App IO',
}

export async function readAttempts(db: ReadHandle, id: Id<'delivery'>) {
  return db
    .selectFrom('deliveryAttempt')
    .where('deliveryId', '=', id)
    .select(['ordinal', 'startedAt', 'endedAt', 'messageId', 'outcome', 'reply'])
    .orderBy('ordinal')
    .execute()
}

export async function readEvidence(db: ReadHandle, id: Id<'delivery'>) {
  const rows = await db
    .selectFrom('deliveryEvidence')
    .where('deliveryId', '=', id)
    .select(['id', 'kind', 'at', 'text'])
    .select((eb) => eb('bytesBase64', 'is not', null).as('hasFile'))
    .orderBy('at')
    .orderBy('id')
    .execute()
  return rows.map(({ hasFile, ...row }) => ({ ...row, title: TITLES[row.kind], hasFile: Boolean(hasFile) }))
}

/** The evidence as it came. @throws ProblemError EVIDENCE_GONE where there is no file. */
export async function readEvidenceFile(context: ServiceContext, id: Id<'deliveryEvidence'>): Promise<File> {
  const row = await context.ledger.read((db) =>
    db.selectFrom('deliveryEvidence').selectAll().where('id', '=', id).executeTakeFirst(),
  )
  if (row === undefined || row.bytesBase64 === null) throw new ProblemError(problem('EVIDENCE_GONE', {}))
  const { extension, mime } = FORMS[row.kind] ?? { extension: 'eml', mime: 'message/rfc822' }
  const bytes = Buffer.from(row.bytesBase64, 'base64')
  return new File([bytes], `${row.kind}-${row.deliveryId}-${row.id}.${extension}`, { type: mime })
}

/** The same evidence as a person reads it. @throws ProblemError EVIDENCE_GONE where there is no file. */
export async function readEvidenceText(context: ServiceContext, id: Id<'deliveryEvidence'>) {
  const file = await readEvidenceFile(context, id)
  const bytes = await file.bytes()
  const mail = file.type === 'message/rfc822' ? shownMail(bytes) : null
  if (mail !== null) return { sections: [...mail.sections], files: [...mail.files] }
  if (file.type === 'application/pdf') return { sections: [], files: [{ name: file.name, bytes: file.size }] }
  return { sections: [{ title: 'Testo', text: shortened(new TextDecoder().decode(bytes)) }], files: [] }
}

const FORMS: Readonly<Partial<Record<DeliveryEvidenceKind, { extension: string; mime: string }>>> = {
  index: { extension: 'csv', mime: 'text/csv' },
  io: { extension: 'json', mime: 'application/json' },
  post: { extension: 'csv', mime: 'text/csv' },
  file: { extension: 'pdf', mime: 'application/pdf' },
}
