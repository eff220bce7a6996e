import { spawn } from 'node:child_process'

/** Opens the person's own browser; a machine without one changes nothing, the address is printed anyway. */
export function openBrowser(address: string): void {
  const [command, args] =
    process.platform === 'win32'
      ? ['rundll32', ['url.dll,FileProtocolHandler', address]]
      : process.platform === 'darwin'
        ? ['open', [address]]
        : ['xdg-open', [address]]
  const child = spawn(command as string, args as string[], { stdio: 'ignore', detached: true })
  child.on('error', () => undefined)
  child.unref()
}

/** Not in a test or build run, and on Linux only where there is a screen. */
export function mayOpenBrowser(env: Readonly<Record<string, string | undefined>>, platform: NodeJS.Platform): boolean {
  if (env.CI) return false
  return platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)
}
