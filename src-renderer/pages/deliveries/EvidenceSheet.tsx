import { Button } from '@mantine/core'
import { IconDownload, IconShieldCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { orpc } from '../../client.ts'
import { TimeText } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { saveBlob } from '../../components/files.ts'
import { ScrollBox } from '../../components/ScrollBox.tsx'
import { Sheet } from '../../components/Sheet.tsx'
import type { Evidence } from './Timeline.tsx'

const SHOWN_BYTES = 60_000

/** The proof as it came: in words first, then whole. */
export function EvidenceSheet({ evidence, onClose }: { readonly evidence: Evidence; readonly onClose: () => void }) {
  const file = useQuery({
    ...orpc.delivery.evidence.queryOptions({ input: { id: evidence.id }, enabled: evidence.hasFile }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const raw = useQuery({
    queryKey: ['delivery.evidence.text', evidence.id],
    queryFn: async () => (await (file.data as File).slice(0, SHOWN_BYTES).text()).replaceAll('\r\n', '\n'),
    enabled: file.data !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const name = file.data instanceof File && file.data.name !== '' ? file.data.name : `prova-${evidence.id}.eml`
  return (
    <Sheet opened onClose={onClose} title={evidence.title} size={720}>
      <p className="ink2 evidence-when">
        <TimeText at={evidence.at} />
        {evidence.text !== null && <> · {evidence.text}</>}
      </p>
      <ErrorNote error={file.error ?? raw.error} />
      {raw.data !== undefined && (
        <ScrollBox label="Testo della prova" className="evidence-text">
          <pre>{raw.data}</pre>
        </ScrollBox>
      )}
      <div className="dialog-foot inset">
        <span className="muted small evidence-kept">
          <IconShieldCheck size={15} stroke={1.7} aria-hidden />
          Conservata intera, come è arrivata.
        </span>
        {evidence.hasFile && (
          <Button
            leftSection={<IconDownload size={16} stroke={1.7} aria-hidden />}
            disabled={file.data === undefined}
            onClick={() => file.data && saveBlob(file.data, name)}
          >
            Salva il file…
          </Button>
        )}
        <Button onClick={onClose} data-autofocus>
          Chiudi
        </Button>
      </div>
    </Sheet>
  )
}
