const MAX_BYTES = 1024 * 1024
const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
/** Below this a logo looks rough on paper. */
const WISHED_SIDE = 300

export interface LogoReading {
  /** Why it cannot be used; null when it can. */
  readonly error: string | null
  /** It can be used, but it will not look well. */
  readonly warning: string | null
}

/** Looks at a chosen logo before it is sent: PNG, at most 1 MB, readable, large enough. */
export async function readLogo(file: File): Promise<LogoReading> {
  const refuse = (error: string): LogoReading => ({ error, warning: null })
  const head = new Uint8Array(await file.slice(0, PNG_SIGNATURE.length).arrayBuffer())
  if (!PNG_SIGNATURE.every((byte, i) => head[i] === byte)) {
    return refuse(`«${file.name}» non è un PNG. Aprilo in un programma di immagini e salvalo come PNG.`)
  }
  if (file.size > MAX_BYTES) {
    return refuse(`«${file.name}» pesa ${Math.ceil(file.size / 1024)} kB: al massimo 1 MB. Rimpiccioliscilo.`)
  }
  try {
    const { width, height } = await createImageBitmap(file)
    const small = Math.min(width, height) < WISHED_SIDE
    return {
      error: null,
      warning: small ? `È di ${width} × ${height} punti: sotto i ${WISHED_SIDE} si stampa sgranato.` : null,
    }
  } catch {
    return refuse(`«${file.name}» non si lascia leggere: è rovinato o incompleto. Salvalo di nuovo come PNG.`)
  }
}
