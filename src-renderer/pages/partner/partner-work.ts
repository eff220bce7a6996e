import type { InferContractRouterOutputs } from '@orpc/contract'
import type { Contract } from '#contract/contract'
import type { FileResult } from '#contract/values'
import type { Id } from '#domain/brand'
import { formatCents } from '#domain/money'
import { client } from '../../client.ts'
import { counted } from '../../components/cells.tsx'
import { saveFile } from '../../components/files.ts'
import { say, sayFailure } from '../../components/toast.ts'
import { startJob } from '../../jobs/jobs.ts'
import { once } from '../../once.ts'
import type { PositionSelection } from '../positions/position-list.tsx'

type Outputs = InferContractRouterOutputs<Contract>['partner']
export type HandOverPreview = Outputs['preview']
export type DueGroup = Outputs['due']['groups'][number]
export type BatchRow = Outputs['batches']['rows'][number]
export type PartnerRow = Outputs['rows']['rows'][number]
export type OutcomePreview = Outputs['outcomePreview']
export type PartnerFormat = BatchRow['format']

/** What a file does, for people. */
export const KINDS: Readonly<Record<BatchRow['kind'], string>> = {
  create: 'Posizioni nuove',
  update: 'Aggiornamento',
  delete: 'Annullamento',
}

export const FORMATS: Readonly<Record<PartnerFormat, { readonly name: string; readonly note: string }>> = {
  json: { name: 'JSON di GPD', note: 'quello del caricamento massivo di pagoPA' },
  csv: { name: 'CSV', note: 'una riga per avviso, colonne del nostro tracciato' },
}

interface Exported {
  readonly id: Id<'partnerBatch'>
  readonly file: FileResult
  readonly count: number
  readonly cents: number
}

const JOB = {
  title: 'Preparo il file per il partner',
  unit: 'posizioni',
  cancelWord: 'Annulla',
  cancelNote: 'Se annulli nessuna posizione è affidata',
  onCancelled: () => say('Annullato: nessuna posizione è stata affidata.'),
} as const

/** The file is made, kept and handed to the person. */
export function handOver(
  seen: HandOverPreview,
  of: { readonly selection: PositionSelection; readonly alsoPublished: boolean; readonly format: PartnerFormat },
  onDone: () => void,
): void {
  const input = { ...of, environment: seen.environment, expected: seen.count, stamp: seen.stamp }
  void startJob<Exported>({
    ...JOB,
    run: (signal) => client.partner.export(input, { signal }),
    onDone: (done) => saved(done, onDone),
  })
}

/** What changed, was cancelled or was refused goes into another file. */
export function handOverDue(
  group: DueGroup,
  environment: HandOverPreview['environment'],
  format: PartnerFormat,
  onDone: () => void,
): void {
  const { kind, again, count, stamp } = group
  void startJob<Exported>({
    ...JOB,
    run: (signal) => client.partner.exportDue({ kind, again, format, environment, expected: count, stamp }, { signal }),
    onDone: (done) => saved(done, onDone),
  })
}

function saved({ id, file, count, cents }: Exported, onDone: () => void): void {
  say(
    `File n. ${id} fatto: ${counted(count, 'posizione affidata', 'posizioni affidate')} al partner per ${formatCents(cents as never)} €. Mandaglielo.`,
  )
  onDone()
  saveFile(file).catch(sayFailure)
}

/** The same file as the first time. */
export function downloadBatch(id: Id<'partnerBatch'>): void {
  void once(`partner file ${id}`, async () => saveFile(await client.partner.download({ id })))
}
