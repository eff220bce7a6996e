import { Button } from '@mantine/core'
import { useState } from 'react'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { counted, Money } from '../../components/cells.tsx'
import { ToneText } from '../../components/St.tsx'
import { LeftOut } from '../positions/LeftOut.tsx'
import { FormatField, lastFormat } from './FormatField.tsx'
import { type DueGroup, type HandOverPreview, handOverDue } from './partner-work.ts'

interface Due {
  readonly environment: HandOverPreview['environment']
  readonly groups: readonly DueGroup[]
}

const WORDS: Readonly<Record<DueGroup['kind'], readonly [string, string]>> = {
  create: ['da caricare con numeri nuovi', 'File delle nuove…'],
  update: ['cambiate qui', 'File di aggiornamento…'],
  delete: ['da togliere', 'File di annullamento…'],
}

/** What the partner does not know yet, a file for each kind. */
export function PartnerDue({ due: { environment, groups } }: { readonly due: Due }) {
  const [asked, setAsked] = useState<DueGroup | null>(null)
  return (
    <section className="partner-due" aria-label="Da comunicare al partner">
      {groups.length === 0 && <p className="muted">Niente di nuovo da comunicare al partner.</p>}
      {groups.map((group) => (
        <div key={`${group.kind}-${group.again}`} className="partner-due-line">
          <ToneText tone={group.again ? 'bad' : 'info'}>
            {`${counted(group.count, 'posizione', 'posizioni')} ${group.again ? AGAIN[group.kind] : WORDS[group.kind][0]}`}
          </ToneText>
          <Money cents={group.cents} euro />
          {group.leftOut.map((one) => (
            <span key={one.reason} className="muted small cut" title={one.reason}>
              {counted(one.count, 'resta', 'restano')} fuori: {one.reason}
            </span>
          ))}
          <Button disabled={group.count === 0} onClick={() => setAsked(group)}>
            {group.again ? 'Rimetti in un altro file…' : WORDS[group.kind][1]}
          </Button>
        </div>
      ))}
      {asked && <DueFile group={asked} environment={environment} onClose={() => setAsked(null)} />}
    </section>
  )
}

const AGAIN: Readonly<Record<DueGroup['kind'], string>> = {
  create: 'che il partner ha rifiutato',
  update: 'di cui ha rifiutato l’aggiornamento',
  delete: 'di cui ha rifiutato l’annullamento',
}

function DueFile({
  group,
  environment,
  onClose,
}: {
  readonly group: DueGroup
  readonly environment: Due['environment']
  readonly onClose: () => void
}) {
  const [format, setFormat] = useState(lastFormat)
  const many = counted(group.count, 'posizione', 'posizioni')
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`${group.again ? 'Rimetti' : 'Comunica'} ${many} al partner`}
      subtitle={
        group.again
          ? 'Prima correggi ciò per cui le ha rifiutate: il file le porta come sono adesso.'
          : group.kind === 'delete'
            ? 'Il file elenca gli IUPD che non si devono più poter pagare.'
            : 'Il file le porta come sono adesso.'
      }
      act={`Fai il file di ${many}`}
      leave="Lascia"
      onConfirm={async () => handOverDue(group, environment, format, onClose)}
    >
      <FormatField value={format} onChange={setFormat} />
      <LeftOut reasons={group.leftOut} />
    </ConfirmDialog>
  )
}
