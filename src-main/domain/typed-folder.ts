/** A folder as a person wrote it: its whole path in the machine's own form, or why it is none and what to write instead. */
export type TypedFolder =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly reason: string; readonly remedy: string }

const INVISIBLE = /[\p{Cc}\p{Cf}]/u
const NOT_IN_NAMES = /[<>:"|?*]/
/** Names that Windows keeps for its devices, whatever follows the dot (Win32 «Naming Files, Paths, and Namespaces»). */
const DEVICE_NAME = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\.|$)/i
const WINDOWS_FORM = 'Scrivila per intero: \\\\server\\cartella oppure Z:\\cartella.'
const POSIX_FORM = 'Scrivila per intero, dalla barra iniziale: /mnt/nas/avvisi.'
const MOUNT =
  'Collega prima la cartella al computer (dal gestore dei file, o con chi cura la rete), poi scrivi dove compare: per esempio /mnt/nas/avvisi.'

/**
 * Reads a typed folder. Only whole paths without detours are taken: nothing depends on where the program stands, and the
 * text says by itself where the files go.
 * @param text as typed or pasted; the quotes of «Copia come percorso» are left out.
 */
export function readTypedFolder(text: string, platform: 'windows' | 'posix'): TypedFolder {
  const typed = text.trim().replace(/^"(.*)"$/, '$1')
  if (typed === '') return refused('non c’è scritto niente', platform === 'windows' ? WINDOWS_FORM : POSIX_FORM)
  if (INVISIBLE.test(typed)) return refused('contiene segni invisibili', 'Scrivilo a mano invece di incollarlo.')
  return platform === 'windows' ? readWindows(typed) : readPosix(typed)
}

function readWindows(typed: string): TypedFolder {
  if (/^[a-z]{2,}:[\\/]{2}/i.test(typed)) return refused('è un indirizzo, non una cartella', WINDOWS_FORM)
  const path = typed.replaceAll('/', '\\')
  if (/^\\\\[.?](\\|$)/.test(path) || path.startsWith('\\??\\')) {
    return refused('è il nome di un dispositivo', WINDOWS_FORM)
  }
  if (path.startsWith('\\\\')) {
    const [server = '', share = '', ...below] = segmentsOf(path.slice(2))
    if (!/^[\p{L}\p{N}_][\p{L}\p{N}._-]*$/u.test(server)) return refused('manca il nome del server', WINDOWS_FORM)
    if (share === '') return refused('dopo il server manca la cartella condivisa', WINDOWS_FORM)
    return checked([share, ...below], `\\\\${[server, share, ...below].join('\\')}`)
  }
  const drive = /^([a-z]):(.*)$/i.exec(path)
  if (drive === null) return refused('non è un percorso intero', WINDOWS_FORM)
  const [, letter = '', rest = ''] = drive
  if (!rest.startsWith('\\')) return refused(`dopo «${letter.toUpperCase()}:» manca la barra`, WINDOWS_FORM)
  const below = segmentsOf(rest.slice(1))
  return checked(below, `${letter.toUpperCase()}:\\${below.join('\\')}`)
}

function segmentsOf(rest: string): string[] {
  const segments = rest.split('\\')
  if (segments.at(-1) === '') segments.pop()
  return segments
}

/** Windows would take such names for others, in silence. */
function checked(names: readonly string[], path: string): TypedFolder {
  for (const name of names) {
    const refusal = detour(name)
    if (refusal !== null) return refusal
    if (NOT_IN_NAMES.test(name)) {
      return refused(`«${name}» contiene un segno che Windows non ammette nei nomi`, 'Togli i segni < > : " | ? *')
    }
    if (/[. ]$/.test(name)) return refused(`«${name}» finisce con un punto o uno spazio`, 'Toglilo: Windows lo ignora.')
    if (DEVICE_NAME.test(name)) return refused(`«${name}» è il nome di un dispositivo`, WINDOWS_FORM)
  }
  return { ok: true, path }
}

function readPosix(typed: string): TypedFolder {
  if (/^(\\\\|\/\/)/.test(typed) || /^(smb|cifs|nfs|afp|ftp|sftp):/i.test(typed)) {
    return refused('è un percorso di rete, che su questo computer non si apre da sé', MOUNT)
  }
  if (/^[a-z]:([\\/]|$)/i.test(typed)) return refused('è un disco di Windows, e questo computer non lo è', POSIX_FORM)
  if (!typed.startsWith('/')) return refused('non è un percorso intero', POSIX_FORM)
  const names = typed.slice(1).split('/')
  if (names.at(-1) === '') names.pop()
  for (const name of names) {
    const refusal = detour(name)
    if (refusal !== null) return refusal
  }
  return { ok: true, path: `/${names.join('/')}` }
}

function detour(name: string): TypedFolder | null {
  if (name === '') return refused('ci sono due barre di seguito', 'Lasciane una sola.')
  if (name === '.' || name === '..') return refused(`contiene «${name}»`, 'Scrivi il percorso diretto della cartella.')
  return null
}

function refused(reason: string, remedy: string): TypedFolder {
  return { ok: false, reason, remedy }
}
