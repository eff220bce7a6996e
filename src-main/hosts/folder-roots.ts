import { existsSync } from 'node:fs'
import { basename, delimiter, join } from 'node:path'
import type { FolderRoot } from '#gateways/folder-local'
import type { Machine } from './data-folder.ts'

/** Places in which the program may deliver: those of `QUIETANZA_FOLDERS`, else its own folder, the person's and the drives. */
export function folderRootsOf(machine: Machine, dataFolder: string): readonly FolderRoot[] {
  const own: FolderRoot = { name: 'Consegne di Quietanza', path: join(dataFolder, 'consegne') }
  const told = machine.env.QUIETANZA_FOLDERS
  if (told) {
    const listed = told.split(delimiter).filter((path) => path !== '')
    return [own, ...listed.map((path) => ({ name: basename(path) || path, path }))]
  }
  const drives =
    machine.platform === 'win32'
      ? [...'DEFGHIJKLMNOPQRSTUVWXYZ'].map((letter) => ({ name: `Disco ${letter}:`, path: `${letter}:\\` }))
      : [
          { name: 'Dischi collegati', path: '/media' },
          { name: 'Dischi di rete', path: '/mnt' },
        ]
  return [own, { name: 'Cartella personale', path: machine.home }, ...drives.filter((drive) => existsSync(drive.path))]
}
