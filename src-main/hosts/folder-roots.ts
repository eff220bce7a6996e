import { existsSync, realpathSync } from 'node:fs'
import { basename, delimiter, join, posix, win32 } from 'node:path'
import type { FolderRoot } from '#gateways/folder-local'
import { ONLY_ROOTS, type TypedPlaces } from '#gateways/folder-typed'
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

/** What belongs to the system: whoever may write there (an administrator) has no reason to deliver notices there. */
const POSIX_SYSTEM = ['/bin', '/boot', '/dev', '/etc', '/lib', '/lib32', '/lib64', '/proc', '/sbin', '/sys', '/usr']
const MAC_SYSTEM = ['/System', '/Library', '/Applications', '/private/etc']
const WINDOWS_SYSTEM = ['SystemRoot', 'ProgramFiles', 'ProgramFiles(x86)', 'ProgramW6432', 'ProgramData']
/** Whole drives and services of a machine under the name of a share. */
const ADMINISTRATIVE = /^\\\\[^\\]+\\([a-z]|admin|ipc|print|fax)\$(\\|$)/i

/**
 * Folders that a person may write by hand. Where `QUIETANZA_FOLDERS` names the places, only what lies in them; else what
 * the system lets this person write, but for the system's own folders, hidden ones and the program's data.
 */
export function typedPlacesOf(machine: Machine, dataFolder: string): TypedPlaces {
  if (machine.env.QUIETANZA_FOLDERS) return ONLY_ROOTS
  const windows = machine.platform === 'win32'
  const { sep } = windows ? win32 : posix
  const form = (path: string) => (windows ? path.toLowerCase() : path)
  const isIn = (folder: string, path: string) => form(`${path}${sep}`).startsWith(form(`${folder}${sep}`))
  const system = windows
    ? WINDOWS_SYSTEM.flatMap((name) => machine.env[name] ?? [])
    : [...POSIX_SYSTEM, ...(machine.platform === 'darwin' ? MAC_SYSTEM : [])]
  const data = existsSync(dataFolder) ? realpathSync.native(dataFolder) : dataFolder
  return {
    refuse(real) {
      if (isIn(join(data, 'consegne'), real)) return null
      if (isIn(data, real)) return 'è dei dati di questo programma'
      if (real === '/' || system.some((folder) => isIn(folder, real))) return 'è del sistema'
      if (windows && ADMINISTRATIVE.test(real)) return 'è una condivisione riservata a chi amministra il server'
      if (real.split(sep).some((name) => name.startsWith('.'))) return 'è una cartella nascosta'
      return null
    },
  }
}
