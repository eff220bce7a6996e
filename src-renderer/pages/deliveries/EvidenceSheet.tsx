import { Button } from '@mantine/core'
import { IconDownload, IconPaperclip, IconShieldCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { orpc } from '../../client.ts'
import { formatCount, TimeText } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { saveBlob } from '../../components/files.ts'
import { ScrollBox } from '../../components/ScrollBox.tsx'
import { Sheet } from '../../components/Sheet.tsx'
import type { Evidence } from './Timeline.tsx'

/** The proof as a person reads it; whole, as it came, in the file. */
export function EvidenceSheet({ evidence, onClose }: { readonly evidence: Evidence; readonly onClose: () => void }) {
  const file = useQuery({
    ...orpc.delivery.evidence.queryOptions({ input: { id: evidence.id }, enabled: evidence.hasFile }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const read = useQuery({
    ...orpc.delivery.evidenceText.queryOptions({ input: { id: evidence.id }, enabled: evidence.hasFile }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const name = file.data instanceof File && file.data.name !== '' ? file.data.name : `prova-${evidence.id}.eml`
  return (
    <Sheet opened onClose={onClose} title={evidence.title} size={720}>
      <p className="ink2 evidence-when">
        <TimeText at={evidence.at} />
        {evidence.text !== null && <> · {evidence.text}</>}
      </p>
      <ErrorNote error={file.error ?? read.error} />
      {read.data && read.data.sections.length > 0 && (
        <ScrollBox label="Testo della prova" className="evidence-text">
          {read.data.sections.map(({ title, text }) => (
            <section key={title}>
              {title !== 'Testo' && <h3>{title}</h3>}
              <pre>{text}</pre>
            </section>
          ))}
        </ScrollBox>
      )}
      {read.data && read.data.files.length > 0 && (
        <p className="ink2 small evidence-files">
          <IconPaperclip size={14} stroke={1.7} aria-hidden />
          {read.data.files.map(({ name, bytes }) => `${name} (${sizeWords(bytes)})`).join(' · ')}
        </p>
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

/** «23 kB»; a file always weighs something. */
function sizeWords(bytes: number): string {
  return bytes < 1_048_576
    ? `${formatCount(Math.max(1, Math.round(bytes / 1024)))} kB`
    : `${(bytes / 1_048_576).toFixed(1).replace('.', ',')} MB`
}
