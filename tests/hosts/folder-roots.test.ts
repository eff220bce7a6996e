import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { typedPlacesOf } from '../../src-main/hosts/folder-roots.ts'

let data = ''
beforeEach(async () => {
  data = await realpath(await mkdtemp(join(tmpdir(), 'quietanza-roots-')))
  await mkdir(join(data, 'consegne'))
})
afterEach(() => rm(data, { recursive: true, force: true }))

const machine = (platform: NodeJS.Platform, env: Record<string, string> = {}) => ({
  platform,
  env,
  home: '/case/maria',
})

describe('what a person may write by hand', () => {
  it('is what the system lets write, but for the system’s own, hidden ones and the program’s data', () => {
    const { refuse } = typedPlacesOf(machine('linux'), data)
    for (const path of [
      '/mnt/nas/avvisi',
      '/run/user/1000/gvfs/smb',
      '/srv/avvisi',
      '/etcetera',
      join(data, 'consegne'),
    ]) {
      expect([path, refuse(path, false)]).toEqual([path, null])
    }
    for (const path of ['/', '/etc', '/etc/cron.d', '/usr/share', '/proc/1']) {
      expect([path, refuse(path, false)]).toEqual([path, 'è del sistema'])
    }
    expect(refuse('/case/maria/.ssh', true)).toBe('è una cartella nascosta')
    for (const path of [data, join(data, 'log')]) expect(refuse(path, true)).toBe('è dei dati di questo programma')
  })

  it('on Windows knows its folders in any case, and the shares of who administers', () => {
    const env = { SystemRoot: 'C:\\Windows', ProgramFiles: 'C:\\Program Files' }
    const { refuse } = typedPlacesOf(machine('win32', env), 'C:\\Users\\maria\\AppData\\Roaming\\Quietanza')
    for (const path of ['\\\\nas\\avvisi', '\\\\nas\\avvisi$', 'Z:\\', 'C:\\Avvisi', 'C:\\WindowsAvvisi']) {
      expect([path, refuse(path, false)]).toEqual([path, null])
    }
    for (const path of ['c:\\windows\\System32', 'C:\\PROGRAM FILES']) expect(refuse(path, false)).toBe('è del sistema')
    for (const path of ['\\\\nas\\C$', '\\\\nas\\admin$\\x', '\\\\pc\\IPC$']) {
      expect(refuse(path, false)).toMatch(/riservata a chi amministra/)
    }
  })

  it('is nothing outside the places that QUIETANZA_FOLDERS names', () => {
    const { refuse } = typedPlacesOf(machine('linux', { QUIETANZA_FOLDERS: '/srv/avvisi' }), data)
    expect(refuse('/mnt/nas', false)).toMatch(/non è fra le cartelle permesse/)
    expect(refuse('/srv/avvisi/quote', true)).toBeNull()
  })
})
