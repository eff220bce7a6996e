import { Textarea, TextInput } from '@mantine/core'
import { IconPaperclip } from '@tabler/icons-react'
import { useRef } from 'react'
import { LETTER_FIELDS } from '#domain/letter'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Card, Facts } from '../../components/Page.tsx'
import type { CampaignPreview } from './campaign-form.ts'

/** Zone 2: the message with its fields, and how it reads for the first of those who get it. */
export function MessageZone({
  subject,
  body,
  onChange,
  sample,
  error,
  mail,
  missing,
}: {
  readonly subject: string
  readonly body: string
  readonly onChange: (patch: { readonly subject?: string; readonly body?: string }) => void
  readonly sample: CampaignPreview['sample'] | undefined
  readonly error: unknown
  /** Whether anything goes by mail; into a folder only the PDFs go. */
  readonly mail: boolean
  /** What is still to be chosen before anybody can get it. */
  readonly missing: string | null
}) {
  const text = useRef<HTMLTextAreaElement>(null)
  const insert = (field: string) => {
    const area = text.current
    const at = area?.selectionStart ?? body.length
    const to = area?.selectionEnd ?? at
    onChange({ body: `${body.slice(0, at)}{${field}}${body.slice(to)}` })
    setTimeout(() => {
      area?.focus()
      area?.setSelectionRange(at + field.length + 2, at + field.length + 2)
    }, 0)
  }
  return (
    <div className="campaign-message">
      <Card title="2 · Messaggio" grow label="2 · Messaggio" about={mail ? undefined : 'serve solo per PEC ed e-mail'}>
        <div className="message-form">
          <TextInput
            label="Oggetto"
            value={subject}
            maxLength={200}
            onChange={(e) => onChange({ subject: e.currentTarget.value })}
          />
          <Textarea
            ref={text}
            className="message-body"
            label="Testo"
            value={body}
            maxLength={10_000}
            onChange={(e) => onChange({ body: e.currentTarget.value })}
          />
          <div className="field-chips">
            <span className="small ink2">Inserisci:</span>
            {LETTER_FIELDS.map((field) => (
              <button key={field} type="button" onClick={() => insert(field)}>
                {`{${field}}`}
              </button>
            ))}
          </div>
        </div>
      </Card>
      <Card title="Come lo legge chi lo riceve" about="il primo dell’elenco" grow label="Come lo legge chi lo riceve">
        <ErrorNote error={error} />
        {sample ? (
          <>
            <Facts
              rows={[
                [
                  'A',
                  <span key="a" className="mono">
                    {sample.to}
                  </span>,
                ],
                [
                  'Oggetto',
                  <b key="o" className="strong">
                    {sample.subject}
                  </b>,
                ],
                [
                  'Allegato',
                  <span key="p" className="channel-name">
                    <IconPaperclip size={14} stroke={1.7} aria-hidden />
                    <span className="mono">{sample.attachment}</span>
                  </span>,
                ],
              ]}
            />
            <pre className="sample-mail">{sample.body}</pre>
          </>
        ) : (
          (error === null || error === undefined) && (
            <p className="muted small">
              {missing ?? 'Con queste scelte nessuno lo riceve: guarda a destra chi resta fuori e perché.'}
            </p>
          )
        )}
      </Card>
    </div>
  )
}
