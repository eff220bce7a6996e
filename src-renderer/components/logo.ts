const MAX_BYTES = 1024 * 1024
const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
/** Below this an image made of points looks rough on paper. */
const WISHED_SIDE = 300

export interface LogoReading {
  /** Why it cannot be used; null when it can. */
  readonly error: string | null
  /** It can be used, but it will not look well. */
  readonly warning: string | null
}

/** Looks at a chosen logo before it is sent: SVG or PNG, at most 1 MB, readable, large enough. */
export async function readLogo(file: File): Promise<LogoReading> {
  const refuse = (error: string): LogoReading => ({ error, warning: null })
  const kind = await logoKind(file)
  if (kind === null) {
    return refuse(
      `«${file.name}» non è un SVG né un PNG. Aprilo in un programma di immagini e salvalo in uno di questi formati.`,
    )
  }
  if (file.size > MAX_BYTES) {
    return refuse(`«${file.name}» pesa ${Math.ceil(file.size / 1024)} kB: al massimo 1 MB. Rimpiccioliscilo.`)
  }
  try {
    const { width, height } = await sizeOf(file, kind)
    const small = kind === 'png' && Math.min(width, height) < WISHED_SIDE
    return {
      error: null,
      warning: small
        ? `È di ${width} × ${height} punti: sotto i ${WISHED_SIDE} si stampa sgranato. Un SVG si stampa bene a ogni misura.`
        : null,
    }
  } catch {
    return refuse(`«${file.name}» non si lascia leggere: è rovinato o incompleto. Salvalo di nuovo come SVG o PNG.`)
  }
}

/** What the file is by what stands in it, whatever its name says. */
export async function logoKind(file: File): Promise<'png' | 'svg' | null> {
  const head = new Uint8Array(await file.slice(0, PNG_SIGNATURE.length).arrayBuffer())
  if (PNG_SIGNATURE.every((byte, i) => head[i] === byte)) return 'png'
  // Comments and a document type may stand before the first element.
  return /<svg[\s>]/i.test(await file.slice(0, 8192).text()) ? 'svg' : null
}

async function sizeOf(file: File, kind: 'png' | 'svg'): Promise<{ readonly width: number; readonly height: number }> {
  if (kind === 'png') return createImageBitmap(file)
  const url = URL.createObjectURL(new Blob([file], { type: 'image/svg+xml' }))
  try {
    const image = new Image()
    image.src = url
    await image.decode()
    return image
  } finally {
    URL.revokeObjectURL(url)
  }
}
