import { encode } from 'uqr'

/** A link as a QR code: always dark on white, also where the screen is dark, so that telephones read it. */
export function QrCode({ text, label, dim }: { readonly text: string; readonly label: string; readonly dim: boolean }) {
  const { data, size } = encode(text, { ecc: 'M', border: 4 })
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('')
  return (
    <svg
      className={`qr-code${dim ? ' dim' : ''}`}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      <rect width={size} height={size} className="qr-light" />
      <path d={path} className="qr-dark" />
    </svg>
  )
}
