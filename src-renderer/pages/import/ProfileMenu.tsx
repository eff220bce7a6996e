import { Button, Menu, TextInput } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { RegisterMapping } from '#domain/register-mapping'
import { client, orpc } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { askFile, saveFile, uploadFile } from '../../components/files.ts'
import { Sheet } from '../../components/Sheet.tsx'
import { say, sayFailure } from '../../components/toast.ts'
import { useKeys } from '../../keys.ts'
import type { Draft, Look, Profile } from './import-draft.ts'

/** Named ways of reading a file: choose one, keep this one under a name, rename, remove, hand over as a file. */
export function ProfileMenu({
  draft,
  look,
  mapping,
  ready,
}: {
  readonly draft: Draft
  readonly look: Look
  readonly mapping: RegisterMapping
  /** Every needed field has its source: only then it is worth a name. */
  readonly ready: boolean
}) {
  const profiles = useQuery(orpc.registerProfile.list.queryOptions())
  const queries = useQueryClient()
  const [asking, setAsking] = useState<'save' | 'rename' | 'remove' | null>(null)
  const list = profiles.data ?? []
  const own = draft.profile !== null && !draft.profile.shipped ? draft.profile : null
  const refresh = () => queries.invalidateQueries({ queryKey: orpc.registerProfile.list.key() })
  const save = async (name: string) => {
    const headings = look.columns.map((c) => c.heading).filter((heading) => heading !== '')
    draft.saved(
      await client.registerProfile.save({ name, mapping, headings: mapping.headerRow === null ? [] : headings }),
    )
    setAsking(null)
    say(`Profilo «${name}» salvato: i file con queste intestazioni si leggeranno così.`)
    await refresh()
  }
  const bring = async () => {
    const file = await askFile('.json')
    if (file === null) return
    try {
      const { token } = await uploadFile(file)
      const brought = await client.registerProfile.import({ token })
      draft.choose(brought)
      say(`Profilo «${brought.name}» aggiunto.`)
      await refresh()
    } catch (error) {
      sayFailure(error)
    }
  }
  useKeys([{ keys: 'Ctrl+S', label: 'salva il profilo', run: () => ready && setAsking('save') }])
  return (
    <>
      <Menu position="bottom-end" transitionProps={{ duration: 0 }} width={290}>
        <Menu.Target>
          <Button rightSection={<IconChevronDown size={15} stroke={1.7} aria-hidden />}>Profilo</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item disabled={!ready} onClick={() => setAsking('save')}>
            Salva come profilo…
          </Menu.Item>
          {own !== null && (
            <>
              <Menu.Item
                disabled={!ready || !draft.changed}
                onClick={() => void save(own.name).catch(sayFailure)}
              >{`Aggiorna «${own.name}»`}</Menu.Item>
              <Menu.Item onClick={() => setAsking('rename')}>{`Rinomina «${own.name}»…`}</Menu.Item>
              <Menu.Item
                onClick={() => void client.registerProfile.export({ id: own.id }).then(saveFile, sayFailure)}
              >{`Esporta «${own.name}» su file`}</Menu.Item>
              <Menu.Item className="danger" onClick={() => setAsking('remove')}>{`Elimina «${own.name}»…`}</Menu.Item>
            </>
          )}
          <Menu.Item onClick={() => void bring()}>Aggiungi un profilo da file…</Menu.Item>
          <Menu.Label>Leggi come</Menu.Label>
          <Menu.Item onClick={draft.propose}>Com’era all’inizio</Menu.Item>
          {list.map((p) => (
            <Menu.Item key={p.id} onClick={() => draft.choose(p)}>
              {p.name}
              {p.assumption && <span className="muted small"> ipotesi</span>}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {(asking === 'save' || asking === 'rename') && (
        <NameSheet
          title={asking === 'save' ? 'Salva come profilo' : 'Rinomina il profilo'}
          act={asking === 'save' ? 'Salva il profilo' : 'Rinomina'}
          first={own?.name ?? ''}
          taken={list.filter((p) => p.shipped || asking === 'rename').map((p) => p.name)}
          replaces={asking === 'save' ? list.filter((p) => !p.shipped).map((p) => p.name) : []}
          onClose={() => setAsking(null)}
          onSave={async (name) => {
            if (asking === 'save') return save(name)
            if (own === null) return
            draft.renamed(await client.registerProfile.rename({ id: own.id, name }))
            setAsking(null)
            await refresh()
          }}
        />
      )}
      <ConfirmDialog
        opened={asking === 'remove' && own !== null}
        onClose={() => setAsking(null)}
        title={`Elimina il profilo «${own?.name ?? ''}»`}
        act="Elimina il profilo"
        leave="Torna alle colonne"
        danger
        warning="I file con queste intestazioni non si riconosceranno più da soli. Ciò che hai già importato resta com’è."
        onConfirm={async () => {
          if (own === null) return
          await client.registerProfile.remove({ id: own.id })
          draft.forget()
          await refresh()
        }}
      />
    </>
  )
}

function NameSheet({
  title,
  act,
  first,
  taken,
  replaces,
  onClose,
  onSave,
}: {
  readonly title: string
  readonly act: string
  readonly first: string
  readonly taken: readonly Profile['name'][]
  readonly replaces: readonly Profile['name'][]
  readonly onClose: () => void
  readonly onSave: (name: string) => Promise<unknown>
}) {
  const [name, setName] = useState(first)
  const [error, setError] = useState<unknown>(null)
  const given = name.trim()
  const same = (other: string) => other.toLowerCase() === given.toLowerCase()
  const refused = given !== first && taken.some(same)
  return (
    <Sheet opened onClose={onClose} title={title} size={460}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          setError(null)
          onSave(given).catch(setError)
        }}
      >
        <TextInput
          label="Nome del profilo"
          description={
            replaces.some(same)
              ? `Prende il posto di «${given}», che c’è già.`
              : 'I file con le stesse intestazioni si leggeranno così, da soli.'
          }
          placeholder="per esempio Albo di Vallombra"
          maxLength={60}
          data-autofocus
          value={name}
          error={refused ? 'C’è già un profilo con questo nome.' : null}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <ErrorNote error={error} />
        <div className="sheet-foot">
          <Button onClick={onClose}>Lascia</Button>
          <Button type="submit" variant="filled" disabled={given === '' || refused}>
            {act}
          </Button>
        </div>
      </form>
    </Sheet>
  )
}
