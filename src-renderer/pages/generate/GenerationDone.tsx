import { Button } from '@mantine/core'
import { IconCloudUpload, IconFileText, IconSend } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Id } from '#domain/brand'
import type { Cents } from '#domain/money'
import { FIELDS } from '#domain/vocabulary'
import { orpc } from '../../client.ts'
import { counted, DateText, formatCount, Money, NoticeNumberText } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Sheet } from '../../components/Sheet.tsx'
import { PublishPositions } from '../node/PublishPositions.tsx'

export interface Generated {
  readonly issuanceId: Id<'issuance'>
  readonly description: string
  readonly positions: { readonly count: number; readonly cents: Cents }
}

const SHOWN = 6

/** What was born: the numbers now are known; the next step is the node, which makes them payable, then notices and delivery. */
export function GenerationDone({
  generated,
  onClose,
}: {
  readonly generated: Generated
  readonly onClose: () => void
}) {
  const navigate = useNavigate()
  const [publishing, setPublishing] = useState(false)
  const lotto = String(generated.issuanceId)
  const rows = useQuery(
    orpc.debtPosition.list.queryOptions({
      input: {
        filters: { issuanceId: generated.issuanceId },
        search: '',
        sort: { column: 'noticeNumber', direction: 'asc' },
        offset: 0,
        limit: SHOWN,
      },
    }),
  )
  const rest = generated.positions.count - (rows.data?.rows.length ?? 0)
  return (
    <Sheet
      opened
      onClose={onClose}
      size={780}
      title={`${counted(generated.positions.count, 'posizione generata', 'posizioni generate')} nel lotto «${generated.description}»`}
    >
      <ErrorNote error={rows.error} />
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{FIELDS.noticeNumber}</th>
            <th scope="col">{FIELDS.debtor}</th>
            <th scope="col">{FIELDS.dueDate}</th>
            <th scope="col" className="right">
              Importo €
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.data?.rows.map((r) => (
            <tr key={r.id}>
              <td>
                <NoticeNumberText value={r.noticeNumber} />
              </td>
              <td>{r.personName}</td>
              <td>
                <DateText date={r.dueDate} />
              </td>
              <td className="num">
                <Money cents={r.cents} />
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td colSpan={3}>
              {rest === 0 ? 'Totale' : `e ${rest === 1 ? 'un’altra' : `altre ${formatCount(rest)}`}, in tutto`}
            </td>
            <td className="num">
              <Money cents={generated.positions.cents} />
            </td>
          </tr>
        </tfoot>
      </table>
      <div className="dialog-foot inset">
        <Button onClick={() => void navigate({ to: '/posizioni', search: { lotto } as never })}>
          Vedi le posizioni
        </Button>
        <Button
          leftSection={<IconFileText size={16} stroke={1.7} aria-hidden />}
          onClick={() => void navigate({ to: '/avvisi', search: { lotto } as never })}
        >
          Sfoglia gli avvisi
        </Button>
        <Button
          leftSection={<IconSend size={16} stroke={1.7} aria-hidden />}
          onClick={() => void navigate({ to: '/consegne/nuova', search: { lotto } as never })}
        >
          Prepara la consegna…
        </Button>
        <Button
          variant="filled"
          leftSection={<IconCloudUpload size={16} stroke={1.7} aria-hidden />}
          data-autofocus
          onClick={() => setPublishing(true)}
        >
          Pubblica sul nodo…
        </Button>
      </div>
      {publishing && (
        <PublishPositions
          selection={{
            query: { filters: { issuanceId: generated.issuanceId }, search: '', sort: null },
            except: [],
          }}
          onClose={() => setPublishing(false)}
        />
      )}
    </Sheet>
  )
}
