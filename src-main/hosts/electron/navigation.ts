/** Scheme and authority of the pages in the desktop window: `app://quietanza/`. */
export const APP_SCHEME = 'app'
export const APP_ORIGIN = 'app://quietanza'

/** Permissions that the pages may use: copying an IUV, and full screen. Everything else is refused without asking. */
const PERMISSIONS: ReadonlySet<string> = new Set(['clipboard-sanitized-write', 'fullscreen'])

/** Whether the window may go there: only the program's own pages. */
export function isAllowedNavigation(url: string): boolean {
  const parsed = parse(url)
  return parsed !== null && `${parsed.protocol}//${parsed.host}` === APP_ORIGIN && parsed.username === ''
}

/** Whether a link that asks for a new window is handed to the person's browser or mail program. */
export function isOpenedOutside(url: string): boolean {
  const parsed = parse(url)
  return (
    parsed !== null &&
    (parsed.protocol === 'https:' || parsed.protocol === 'mailto:' || isRehearsal(parsed)) &&
    parsed.username === ''
  )
}

/** The rehearsal node of this machine has pages of its own, without a certificate. */
function isRehearsal(url: URL): boolean {
  return url.protocol === 'http:' && url.hostname === '127.0.0.1'
}

export function isAllowedPermission(permission: string, requestingUrl: string): boolean {
  return PERMISSIONS.has(permission) && isAllowedNavigation(requestingUrl)
}

function parse(url: string): URL | null {
  try {
    return new URL(url)
  } catch {
    return null
  }
}
