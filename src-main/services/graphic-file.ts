import { graphicFormat, MAX_GRAPHIC_BYTES, readGraphic, refuseHeavy } from '#codecs/graphic'
import type { OpenFile } from '#domain/ports'
import { ProblemError } from '#domain/problem'

export const GRAPHIC_MIME = { svg: 'image/svg+xml', png: 'image/png' } as const

export interface CheckedGraphic {
  readonly bytes: Uint8Array
  readonly format: 'svg' | 'png'
}

/** @throws ProblemError GRAPHIC_* that names the file. */
export async function openGraphic(file: OpenFile): Promise<CheckedGraphic> {
  if (file.size > MAX_GRAPHIC_BYTES) named(file.name, () => refuseHeavy(file.size))
  return checkGraphic(file.name, await file.bytes())
}

/** Read once as it will be printed: a bad one is refused when it is loaded, never on a notice. */
export function checkGraphic(name: string, bytes: Uint8Array): CheckedGraphic {
  named(name, () => readGraphic(bytes))
  return { bytes, format: graphicFormat(bytes) ?? 'png' }
}

function named(file: string, check: () => unknown): void {
  try {
    check()
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error
    throw new ProblemError(...error.problems.map((one) => ({ ...one, file })))
  }
}
