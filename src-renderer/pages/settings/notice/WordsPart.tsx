import { Select, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { LANGUAGE_NAMES, SECOND_LANGUAGES, type SecondLanguage } from '#domain/notice-words'
import { client, orpc } from '../../../client.ts'
import { formatCount } from '../../../components/cells.tsx'
import { ErrorNote } from '../../../components/ErrorNote.tsx'
import type { Word } from './style.ts'
import { WordRow } from './WordRow.tsx'

/** The second language of the notices, and its words one by one. */
export function WordsPart({
  language,
  onLanguage,
}: {
  readonly language: SecondLanguage | null
  readonly onLanguage: (language: SecondLanguage | null) => void
}) {
  return (
    <>
      <div className="form-grid">
        <Select
          className="span-3"
          label="Seconda lingua sugli avvisi"
          value={language ?? ''}
          data={[
            { value: '', label: 'Nessuna: solo italiano' },
            ...SECOND_LANGUAGES.map((value) => ({ value, label: `Italiano e ${LANGUAGE_NAMES[value]}` })),
          ]}
          onChange={(value) => onLanguage(SECOND_LANGUAGES.find((l) => l === value) ?? null)}
        />
        {language === null && (
          <p className="span-6 muted small">
            Con una seconda lingua ogni parola fissa dell’avviso compare due volte, prima in italiano. Nomi, importi,
            causali e codici restano come sono.
          </p>
        )}
      </div>
      {language !== null && <Words key={language} language={language} />}
    </>
  )
}

function Words({ language }: { readonly language: SecondLanguage }) {
  const query = useQuery(orpc.noticeStyle.words.queryOptions({ input: { language } }))
  const [search, setSearch] = useState('')
  const [editing, setEditing] = useState<string | null>(null)
  const words = query.data ?? []
  const needle = search.trim().toLowerCase()
  const shown = words.filter((w) =>
    [w.italian, w.proposed, w.own ?? ''].some((text) => text.toLowerCase().includes(needle)),
  )
  const save = async (key: Word['key'], text: string | null) => {
    const own = Object.fromEntries(words.flatMap((w) => (w.own === null ? [] : [[w.key, w.own]])))
    delete own[key]
    if (text !== null) own[key] = text
    await client.noticeStyle.saveWords({ language, own })
    await query.refetch()
    setEditing(null)
  }
  const ours = words.filter((w) => !w.official && w.own === null).length
  return (
    <section className="form-part" aria-labelledby="parole">
      <h3 id="parole">Le parole in {LANGUAGE_NAMES[language]}</h3>
      <p className="ink2 small">
        {ours === 0
          ? 'Puoi sostituire ogni testo; vale appena lo salvi.'
          : `${ours === 1 ? 'Un testo è una traduzione nostra' : `${formatCount(ours)} testi sono una traduzione nostra`}, perché di ufficiali non ne abbiamo trovati: falli leggere a chi conosce la lingua. Un testo sostituito vale appena lo salvi.`}
      </p>
      <TextInput
        className="words-search"
        aria-label="Cerca fra le parole"
        placeholder="Cerca, in italiano o tradotta"
        leftSection={<IconSearch size={15} stroke={1.7} aria-hidden />}
        value={search}
        onChange={(e) => setSearch(e.currentTarget.value)}
      />
      <ErrorNote error={query.error} />
      <table className="plain words">
        <thead>
          <tr>
            <th>Italiano</th>
            <th>{LANGUAGE_NAMES[language].replace(/^./, (c) => c.toUpperCase())}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((word) => (
            <WordRow
              key={word.key}
              word={word}
              language={language}
              editing={editing === word.key}
              onEdit={() => setEditing(word.key)}
              onLeave={() => setEditing(null)}
              onSave={(text) => save(word.key, text)}
            />
          ))}
        </tbody>
      </table>
      {shown.length === 0 && words.length > 0 && <p className="muted small">Nessuna parola con «{search.trim()}».</p>}
    </section>
  )
}
