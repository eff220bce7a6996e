import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

export interface Machine {
  readonly platform: NodeJS.Platform
  readonly home: string
  readonly env: Readonly<Record<string, string | undefined>>
}

export const THIS_MACHINE: Machine = { platform: process.platform, home: homedir(), env: process.env }

/** Folder of the ledger, log and copies: what the system keeps for programs' data, or `QUIETANZA_DATA`. */
export function dataFolderOf(machine: Machine): string {
  const { platform, home, env } = machine
  if (env.QUIETANZA_DATA) return resolve(env.QUIETANZA_DATA)
  if (platform === 'win32') return join(env.APPDATA ?? join(home, 'AppData', 'Roaming'), 'Quietanza')
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Quietanza')
  return join(env.XDG_DATA_HOME || join(home, '.local', 'share'), 'quietanza')
}

/** Makes the folder, readable by this user only. The ledger itself refuses a network share. */
export async function openDataFolder(machine: Machine = THIS_MACHINE): Promise<string> {
  const folder = dataFolderOf(machine)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return folder
}

/** The ledger's file of a data folder. */
export function ledgerFileOf(folder: string): string {
  return join(folder, 'quietanza.sqlite')
}
