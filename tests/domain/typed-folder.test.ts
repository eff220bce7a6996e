import { describe, expect, it } from 'vitest'
import { readTypedFolder } from '#domain/typed-folder'

const windows = (text: string) => readTypedFolder(text, 'windows')
const posix = (text: string) => readTypedFolder(text, 'posix')
const why = (read: ReturnType<typeof readTypedFolder>) => (read.ok ? `ok ${read.path}` : read.reason)

describe('a folder written by hand, on Windows', () => {
  it.each([
    ['\\\\nas\\avvisi', '\\\\nas\\avvisi'],
    ['\\\\nas.ordine.lan\\Avvisi 2026\\quote\\', '\\\\nas.ordine.lan\\Avvisi 2026\\quote'],
    ['\\\\192.168.1.20\\avvisi$', '\\\\192.168.1.20\\avvisi$'],
    ['//nas/avvisi/quote', '\\\\nas\\avvisi\\quote'],
    ['"\\\\nas\\avvisi"', '\\\\nas\\avvisi'],
    ['  Z:\\avvisi  ', 'Z:\\avvisi'],
    ['z:/avvisi/', 'Z:\\avvisi'],
    ['Z:\\', 'Z:\\'],
    ['C:\\Users\\Maria Verdi\\Documenti\\Avvisi è già', 'C:\\Users\\Maria Verdi\\Documenti\\Avvisi è già'],
  ])('%s', (text, path) => expect(windows(text)).toEqual({ ok: true, path }))

  it.each([
    ['', /niente/],
    ['avvisi', /percorso intero/],
    ['..\\avvisi', /percorso intero/],
    ['\\avvisi', /percorso intero/],
    ['/mnt/nas/avvisi', /percorso intero/],
    ['Z:', /«Z:» manca la barra/],
    ['c:avvisi', /«C:» manca la barra/],
    ['Z:\\avvisi\\..\\Windows', /contiene «\.\.»/],
    ['\\\\nas\\..\\altro', /contiene «\.\.»/],
    ['Z:\\avvisi\\.\\x', /contiene «\.»/],
    ['\\\\nas', /manca la cartella condivisa/],
    ['\\\\nas\\', /manca la cartella condivisa/],
    ['\\\\', /manca il nome del server/],
    ['\\\\\\avvisi', /manca il nome del server/],
    ['\\\\.\\PhysicalDrive0', /dispositivo/],
    ['\\\\.', /dispositivo/],
    ['//./C:/avvisi', /dispositivo/],
    ['\\\\?\\C:\\avvisi', /dispositivo/],
    ['\\\\?\\UNC\\nas\\avvisi', /dispositivo/],
    ['\\??\\C:\\avvisi', /dispositivo/],
    ['Z:\\avvisi\\NUL', /dispositivo/],
    ['Z:\\com1.txt\\x', /dispositivo/],
    ['Z:\\avvisi:flusso', /segno che Windows non ammette/],
    ['Z:\\avv?si', /segno che Windows non ammette/],
    ['Z:\\avvisi. \\x', /finisce con un punto o uno spazio/],
    ['Z:\\\\avvisi', /due barre/],
    ['Z:\\avvisi\n', /ok Z/],
    ['Z:\\avv\nisi', /segni invisibili/],
    ['\u202aZ:\\avvisi', /segni invisibili/],
    ['Z:\\avvisi\0', /segni invisibili/],
    ['smb://nas/avvisi', /indirizzo/],
    ['file:///C:/avvisi', /indirizzo/],
  ])('%j', (text, reason) => expect(why(windows(text))).toMatch(reason))
})

describe('a folder written by hand, elsewhere', () => {
  it.each([
    ['/mnt/nas/avvisi', '/mnt/nas/avvisi'],
    ['/mnt/nas/avvisi/', '/mnt/nas/avvisi'],
    ['/run/user/1000/gvfs/smb-share:server=nas,share=avvisi', '/run/user/1000/gvfs/smb-share:server=nas,share=avvisi'],
    ['/', '/'],
  ])('%s', (text, path) => expect(posix(text)).toEqual({ ok: true, path }))

  it.each([
    ['\\\\nas\\avvisi', /percorso di rete/],
    ['//nas/avvisi', /percorso di rete/],
    ['smb://nas/avvisi', /percorso di rete/],
    ['Z:\\avvisi', /disco di Windows/],
    ['avvisi', /percorso intero/],
    ['~/avvisi', /percorso intero/],
    ['/mnt/../etc', /contiene «\.\.»/],
    ['/mnt//nas', /due barre/],
    ['/mnt/na\u0007s', /segni invisibili/],
  ])('%j', (text, reason) => expect(why(posix(text))).toMatch(reason))

  it('a network path says what to do', () => {
    const read = posix('\\\\nas\\avvisi')
    expect(read.ok ? '' : read.remedy).toMatch(/Collega prima la cartella al computer.*\/mnt\/nas\/avvisi/)
  })
})
