import { execFileSync } from 'node:child_process'

/** Mounts a disk of so few bytes on a folder; null where this machine does not allow it. */
export function smallDisk(folder: string, bytes: number, owner: string): { unmount(): void } | null {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes},uid=${owner},mode=755`, 'tmpfs', folder], {
      stdio: 'ignore',
    })
  } catch {
    console.log('Un disco piccolo non si monta qui: la prova del disco pieno si salta.')
    return null
  }
  return { unmount: () => execFileSync('umount', ['-l', folder]) }
}
