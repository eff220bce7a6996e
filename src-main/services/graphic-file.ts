import { graphicFormat, MAX_GRAPHIC_BYTES, readGraphic } from '#codecs/graphic'
import type { OpenFile } from '#domain/ports'
import { ProblemError, problem } from '#domain/problem'

export const GRAPHIC_MIME = { svg: 'image/svg+xml', png: 'image/png' } as const

export interface CheckedGraphic {
  readonly bytes: Uint8Array
  readonly format: 'svg' | 'png'
}

/** @throws ProblemError GRAPHIC_* that names the file. */
export async function openGraphic(file: OpenFile): Promise<CheckedGraphic> {
  if (file.size > MAX_GRAPHIC_BYTES) {
    const size = (file.size / 1_048_576).toFixed(1).replace('.', ',')
    throw new ProblemError(
      problem('GRAPHIC_LIMIT', { limit: `pesa ${size} MB, al più può pesarne 1` }, { file: file.name }),
    )
  }
  return checkGraphic(file.name, await file.bytes())
}

/** Read once as it will be printed: a bad one is refused when it is loaded, never on a notice. */
export function checkGraphic(name: string, bytes: Uint8Array): CheckedGraphic {
  try {
    readGraphic(bytes)
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    throw new ProblemError(...error.problems.map((one) => ({ ...one, file: name })))
  }
  return { bytes, format: graphicFormat(bytes) ?? 'png' }
}
