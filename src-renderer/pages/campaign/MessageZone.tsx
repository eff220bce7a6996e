import { SegmentedControl, Textarea, TextInput } from '@mantine/core'
import { IconPaperclip } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { LETTER_FIELDS, NOTICE_FIELDS } from '#domain/letter'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { FieldChips } from '../../components/FieldChips.tsx'
import { useFieldInsert } from '../../components/field-insert.ts'
import { Card, Facts } from '../../components/Page.tsx'
import type { CampaignPreview, Purpose } from './campaign-form.ts'

/** Zone 2: the message with its fields, and how it reads for the first of those who get it. */
export function MessageZone({
  subject,
  body,
  onChange,
  sample,
  counting,
  error,
  mail,
  missing,
  post,
  purpose,
}: {
  readonly subject: string
  readonly body: string
  readonly onChange: (patch: { readonly subject?: string; readonly body?: string }) => void
  readonly sample: CampaignPreview['sample'] | undefined
  /** Who gets it is not known yet. */
  readonly counting: boolean
  readonly error: unknown
  /** Whether anything goes by mail; into a folder only the PDFs go. */
  readonly mail: boolean
  /** What is still to be chosen before anybody can get it. */
  readonly missing: string | null
  /** The postal addresses, where the post is chosen: they take the place of the sample if nobody reads a message. */
  readonly post: ReactNode
  readonly purpose: Purpose
}) {
  const [second, setSecond] = useState<'sample' | 'post'>('sample')
  const fields = purpose === 'reminder' ? LETTER_FIELDS : NOTICE_FIELDS
  const { ref, insert } = useFieldInsert<HTMLTextAreaElement>(body, (text) => onChange({ body: text }))
  return (
    <div className="campaign-message">
      {(mail || !post) && (
        <Card
          title="2 · Messaggio"
          grow
          label="2 · Messaggio"
          about={mail ? undefined : 'serve solo per PEC, e-mail e App IO'}
        >
          <div className="message-form">
            <TextInput
              label="Oggetto"
              value={subject}
              maxLength={200}
              onChange={(e) => onChange({ subject: e.currentTarget.value })}
            />
            <Textarea
              ref={ref}
              className="message-body"
              label="Testo"
              value={body}
              maxLength={10_000}
              onChange={(e) => onChange({ body: e.currentTarget.value })}
            />
            <FieldChips fields={fields} onInsert={insert} />
          </div>
        </Card>
      )}
      {mail && post && (
        <SegmentedControl
          aria-label="Che cosa guardi"
          fullWidth
          value={second}
          data={[
            { value: 'sample', label: 'Il messaggio' },
            { value: 'post', label: 'Gli indirizzi per la posta' },
          ]}
          onChange={(value) => setSecond(value as 'sample' | 'post')}
        />
      )}
      {(!mail || second === 'post') && post}
      {!(post && (!mail || second === 'post')) && (
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
                      {sample.attachment === null ? (
                        'nessuno: in App IO si paga con il pulsante'
                      ) : (
                        <>
                          <IconPaperclip size={14} stroke={1.7} aria-hidden />
                          <span className="mono">{sample.attachment}</span>
                        </>
                      )}
                    </span>,
                  ],
                ]}
              />
              <pre className="sample-mail">{sample.body}</pre>
            </>
          ) : (
            (error === null || error === undefined) &&
            !counting && (
              <p className="muted small">
                {missing ?? 'Con queste scelte nessuno lo riceve: guarda a destra chi resta fuori e perché.'}
              </p>
            )
          )}
        </Card>
      )}
    </div>
  )
}
