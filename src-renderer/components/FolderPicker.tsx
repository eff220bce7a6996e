import { Button } from '@mantine/core'
import { IconFolder, IconFolderUp } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { FolderToken } from '#domain/ports'
import { orpc } from '../client.ts'
import { ErrorNote } from './ErrorNote.tsx'
import { Sheet } from './Sheet.tsx'

interface Place {
  readonly token: FolderToken
  readonly name: string
  readonly place: string
}

/** Chooses a folder among those that the host allows; what comes back is a token and its place in words. */
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
  return (
    <Sheet opened={opened} onClose={onClose} title="Scegli una cartella" size={560}>
      <p className="mono folder-place">{here?.place ?? 'Cartelle che il programma può usare'}</p>
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
