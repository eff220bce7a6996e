import { ActionIcon } from '@mantine/core'
import { IconDownload, IconEye, IconPrinter } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { Id } from '#domain/brand'
import { client, orpc } from '../../client.ts'
import { DateText, Money } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { printBlob, saveBlob } from '../../components/files.ts'
import { sayFailure } from '../../components/toast.ts'
import { printNotices, saveNotice } from '../positions/notice-work.ts'
import type { Paper, PersonId } from './card.ts'

/** Notices, quietanze and receipts of a person: each opened, saved or printed. */
export function Papers({ personId }: { readonly personId: PersonId }) {
  const { data, error } = useQuery(orpc.person.papers.queryOptions({ input: { id: personId } }))
  const navigate = useNavigate()
  if (!data) return <ErrorNote error={error} />
  if (data.length === 0) return <p className="muted card-body">Ancora nessun avviso, quietanza o ricevuta.</p>
  const open = (paper: Paper) => {
    if (paper.kind === 'notice') void navigate({ to: '/avvisi', search: { sel: String(paper.id) } as never })
    else if (paper.kind === 'receipt') void navigate({ to: '/ricevute', search: { sel: String(paper.id) } as never })
    else print(paper)
  }
  return (
    <table className="plain papers">
      <thead>
        <tr>
          <th>Data</th>
          <th>Documento</th>
          <th className="right">Importo €</th>
          <th className="right">Azioni</th>
        </tr>
      </thead>
      <tbody>
        {data.map((paper) => (
          <tr key={`${paper.kind}-${paper.id}`} className={paper.past === null ? 'tall' : 'tall past'}>
            <td>
              <DateText date={paper.date} />
            </td>
            <td>
              <div className="cut" title={paper.title}>
                {paper.title}
                {paper.past !== null && <span className="muted"> · {paper.past}</span>}
              </div>
              <div className="muted small cut" title={paper.detail}>
                {paper.detail}
              </div>
            </td>
            <td className="right">
              <Money cents={paper.cents} />
            </td>
            <td className="right nowrap">
              <PaperButton label={`Apri: ${paper.title}`} icon={IconEye} onClick={() => open(paper)} />
              {leaves(paper) && (
                <>
                  <PaperButton label={`Salva: ${paper.title}`} icon={IconDownload} onClick={() => save(paper)} />
                  <PaperButton label={`Stampa: ${paper.title}`} icon={IconPrinter} onClick={() => print(paper)} />
                </>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function PaperButton({
  label,
  icon: Shape,
  onClick,
}: {
  readonly label: string
  readonly icon: typeof IconEye
  readonly onClick: () => void
}) {
  return (
    <ActionIcon variant="subtle" aria-label={label} title={label} onClick={onClick}>
      <Shape size={16} stroke={1.7} aria-hidden />
    </ActionIcon>
  )
}

/** Receipts are the provider's; nobody can pay with the notice of a cancelled position. */
function leaves({ kind, past }: Paper): boolean {
  return kind === 'quietanza' || (kind === 'notice' && past === null)
}

function save(paper: Paper): void {
  if (paper.kind === 'notice') void saveNotice(paper.id as Id<'debtPosition'>)
  else void withQuietanza(paper, saveBlob)
}

function print(paper: Paper): void {
  if (paper.kind === 'notice') printNotices({ ids: [paper.id] })
  else void withQuietanza(paper, printBlob)
}

async function withQuietanza(paper: Paper, act: (blob: Blob, name: string) => void): Promise<void> {
  try {
    const file = await client.quietanza.pdf({ id: paper.id as Id<'quietanza'> })
    act(file, file instanceof File ? file.name : `${paper.title}.pdf`)
  } catch (error) {
    sayFailure(error)
  }
}
