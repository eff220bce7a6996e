import { Button, Textarea } from '@mantine/core'
import { IconPencil, IconRestore } from '@tabler/icons-react'
import { useState } from 'react'
import { checkNoticeWord } from '#domain/notice-word-check'
import type { SecondLanguage } from '#domain/notice-words'
import { problemText } from '#domain/problem'
import { ToneText } from '../../../components/St.tsx'
import { errorText } from '../../../problems.ts'
import type { Word } from './style.ts'

/** One text: where it comes from, and a text of the institution's own in its place. */
export function WordRow({
  word,
  language,
  editing,
  onEdit,
  onLeave,
  onSave,
}: {
  readonly word: Word
  readonly language: SecondLanguage
  readonly editing: boolean
  readonly onEdit: () => void
  readonly onLeave: () => void
  /** Null puts the proposed text back. */
  readonly onSave: (text: string | null) => Promise<void>
}) {
  const [error, setError] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const save = async (text: string | null) => {
    setBusy(true)
    setError(null)
    try {
      await onSave(text)
    } catch (failure) {
      setError(errorText(failure))
    } finally {
      setBusy(false)
    }
  }
  return (
    <tr>
      <td>{word.italian}</td>
      <td>
        {editing ? (
          <WordEditor word={word} language={language} busy={busy} error={error} onSave={save} onLeave={onLeave} />
        ) : (
          <div className="word">
            <div className="word-text">
              <span lang={language}>{word.own ?? word.proposed}</span>
              <Source word={word} />
              {error !== null && <span className="small t-bad">{error}</span>}
            </div>
            <button
              type="button"
              className="icon-button"
              aria-label={`Cambia «${word.italian}»`}
              title="Cambia"
              onClick={onEdit}
            >
              <IconPencil size={15} stroke={1.7} aria-hidden />
            </button>
            {word.own !== null && (
              <button
                type="button"
                className="icon-button"
                aria-label={`Rimetti il testo proposto di «${word.italian}»`}
                title={`Rimetti «${word.proposed}»`}
                disabled={busy}
                onClick={() => void save(null)}
              >
                <IconRestore size={15} stroke={1.7} aria-hidden />
              </button>
            )}
          </div>
        )}
      </td>
    </tr>
  )
}

/** Whose the text is. */
function Source({ word }: { readonly word: Word }) {
  if (word.own !== null) return <ToneText tone="info">testo tuo</ToneText>
  return word.official ? (
    <ToneText tone="ok">testo ufficiale</ToneText>
  ) : (
    <ToneText tone="neu">traduzione nostra</ToneText>
  )
}

function WordEditor({
  word,
  language,
  busy,
  error,
  onSave,
  onLeave,
}: {
  readonly word: Word
  readonly language: SecondLanguage
  readonly busy: boolean
  readonly error: string | null
  readonly onSave: (text: string | null) => Promise<void>
  readonly onLeave: () => void
}) {
  const [text, setText] = useState(word.own ?? word.proposed)
  const wrong = wordError(word.key, text)
  const take = () => {
    if (wrong !== null || busy) return
    void onSave(text.trim() === word.proposed ? null : text.trim())
  }
  return (
    <div className="word-editor">
      <Textarea
        aria-label={`Testo per «${word.italian}»`}
        lang={language}
        autosize
        minRows={1}
        maxRows={8}
        maxLength={400}
        data-autofocus
        autoFocus
        value={text}
        error={wrong ?? error}
        onChange={(e) => setText(e.currentTarget.value)}
        onKeyDown={(e) => {
          if (e.key !== 'Escape' && e.key !== 'Enter') return
          e.preventDefault()
          if (e.key === 'Enter') take()
          else onLeave()
        }}
      />
      <div className="word-acts">
        <Button onClick={onLeave}>Lascia</Button>
        <Button disabled={wrong !== null} loading={busy} onClick={take}>
          Salva il testo
        </Button>
      </div>
    </div>
  )
}

/** Why a text cannot be used, as it is typed. */
function wordError(key: string, text: string): string | null {
  if (text.trim() === '') return 'Scrivi un testo, oppure lascia quello proposto.'
  const [first] = checkNoticeWord(key, text)
  return first ? problemText(first) : null
}
