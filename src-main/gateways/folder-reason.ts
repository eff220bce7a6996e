import { ProblemError } from '#domain/problem'

/** Why the system does not write, in words that follow a colon. */
export function folderReason(error: unknown): string {
  if (error instanceof ProblemError) return error.message
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'il disco è pieno'
  if (code === 'EACCES' || code === 'EPERM') return 'il sistema non lo permette'
  if (code === 'EROFS') return 'è di sola lettura'
  if (code === 'ENOENT') return 'non esiste più'
  if (code === 'ENOTDIR') return 'non è una cartella'
  return `il sistema risponde ${code || String(error)}`
}
