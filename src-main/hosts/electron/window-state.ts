export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface WindowState extends Rectangle {
  readonly maximized: boolean
}

export const MIN_SIZE = { width: 1024, height: 640 } as const
const PREFERRED = { width: 1366, height: 768 } as const
/** So much of the window must lie on some screen, for its title bar to be caught by the mouse. */
const REACHABLE = 120

/** The remembered text → a state, or null when it is not one. */
export function parseWindowState(text: string): WindowState | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  const { x, y, width, height, maximized } = value as Record<string, unknown>
  const numbers = [x, y, width, height]
  if (!numbers.every((n): n is number => Number.isSafeInteger(n))) return null
  const [left, top, wide, high] = numbers as [number, number, number, number]
  if (wide <= 0 || high <= 0) return null
  return { x: left, y: top, width: wide, height: high, maximized: maximized === true }
}

/**
 * Where the window opens: where it was, if a screen still is there, else in the middle of the first one; never larger
 * than its screen, never smaller than the pages need.
 * @param workAreas usable areas of the screens, the main one first.
 */
export function placeWindow(remembered: WindowState | null, workAreas: readonly Rectangle[]): WindowState {
  const main = workAreas[0] ?? { x: 0, y: 0, ...PREFERRED }
  const home = remembered && workAreas.find((area) => isReachable(remembered, area))
  const area = home ?? main
  const width = between(remembered?.width ?? PREFERRED.width, MIN_SIZE.width, area.width)
  const height = between(remembered?.height ?? PREFERRED.height, MIN_SIZE.height, area.height)
  const maximized = remembered?.maximized ?? false
  if (!home || !remembered) {
    const x = area.x + Math.max(0, Math.round((area.width - width) / 2))
    const y = area.y + Math.max(0, Math.round((area.height - height) / 2))
    return { x, y, width, height, maximized }
  }
  // The title bar is at the top: it must be on the screen, the rest may hang over.
  const x = Math.min(Math.max(remembered.x, area.x - width + REACHABLE), area.x + area.width - REACHABLE)
  const y = Math.min(Math.max(remembered.y, area.y), area.y + area.height - REACHABLE)
  return { x, y, width, height, maximized }
}

function isReachable(state: Rectangle, area: Rectangle): boolean {
  const across = Math.min(state.x + state.width, area.x + area.width) - Math.max(state.x, area.x)
  const topInside = state.y >= area.y - 8 && state.y <= area.y + area.height - REACHABLE
  return across >= REACHABLE && topInside
}

/** The screen wins over the least size: a small laptop shows a smaller window, not one that hangs over. */
function between(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}
