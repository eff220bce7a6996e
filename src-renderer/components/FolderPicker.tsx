import { Button, TextInput } from '@mantine/core'
import { IconFolder, IconFolderUp } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { FolderToken } from '#domain/ports'
import { orpc } from '../client.ts'
import { ErrorNote } from './ErrorNote.tsx'
import { Sheet } from './Sheet.tsx'

interface Place {
  readonly token: FolderToken
  readonly name: string
  readonly place: string
}

/** Chooses a folder among those that the host allows, or writes it (network path, drive); what comes back is a token and its place in words. */
export function FolderPicker({
  opened,
  onClose,
  onPick,
  act = 'Usa questa cartella',
}: {
  readonly opened: boolean
  readonly onClose: () => void
  readonly onPick: (folder: Place) => void
  readonly act?: string
}) {
  const [trail, setTrail] = useState<readonly Place[]>([])
  const here = trail.at(-1) ?? null
  // A double click is one choice: the sheet takes a moment to go.
  const picked = useRef(false)
  useEffect(() => {
    if (opened) picked.current = false
  }, [opened])
  const folders = useQuery(
    orpc.folder.list.queryOptions({ input: { parent: here?.token ?? null }, enabled: opened, staleTime: 0 }),
  )
  const [typed, setTyped] = useState('')
  const enter = useMutation(orpc.folder.enter.mutationOptions({ onSuccess: (found) => setTrail([found]) }))
  const goTo = (event: FormEvent) => {
    event.preventDefault()
    // The sheet may lie inside another form.
    event.stopPropagation()
    if (typed.trim() !== '' && !enter.isPending) enter.mutate({ text: typed })
  }
  return (
    <Sheet opened={opened} onClose={onClose} title="Scegli una cartella" size={560}>
      <form className="folder-typed" onSubmit={goTo}>
        <TextInput
          label="Percorso di rete o cartella"
          placeholder="\\nas\avvisi, Z:\avvisi o /mnt/nas/avvisi"
          value={typed}
          maxLength={1000}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            enter.reset()
          }}
        />
        <Button type="submit" loading={enter.isPending} disabled={typed.trim() === ''}>
          Vai
        </Button>
      </form>
      <ErrorNote error={enter.error} />
      <p className={here ? 'mono folder-place' : 'folder-place muted'}>
        {here?.place ?? 'Oppure sceglila fra queste:'}
      </p>
      <ErrorNote error={folders.error} />
      <ul className="folders">
        {here && (
          <li>
            <button type="button" onClick={() => setTrail(trail.slice(0, -1))}>
              <IconFolderUp size={16} stroke={1.7} aria-hidden /> Cartella superiore
            </button>
          </li>
        )}
        {folders.data?.map((folder) => (
          <li key={folder.token}>
            <button type="button" onClick={() => setTrail([...trail, folder])}>
              <IconFolder size={16} stroke={1.7} aria-hidden /> {folder.name}
            </button>
          </li>
        ))}
        {folders.data?.length === 0 && <li className="muted folder-none">Nessuna cartella qui dentro.</li>}
      </ul>
      <div className="dialog-foot inset">
        <span />
        <Button onClick={onClose}>Lascia</Button>
        <Button
          variant="filled"
          disabled={!here}
          onClick={() => {
            if (!here || picked.current) return
            picked.current = true
            onPick(here)
            onClose()
          }}
        >
          {act}
        </Button>
      </div>
    </Sheet>
  )
}
