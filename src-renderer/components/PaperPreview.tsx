import { type ReactNode, useEffect, useRef } from 'react'
import { useKeys } from '../keys.ts'
import { deskKeys, useDesk } from './desk.ts'
import { DeskBar, PaperDesk } from './PaperDesk.tsx'
import { PdfPages } from './pdf-pages.ts'

/** A paper that is being written: redrawn at every change, on the page that one looks at. */
export function PaperPreview({
  title,
  label,
  file,
  error,
  controls,
}: {
  readonly title: string
  readonly label: string
  /** As it came last; undefined until the first one is there. */
  readonly file: Blob | undefined
  readonly error: unknown
  /** Choices of what is shown, under the bar. */
  readonly controls?: ReactNode
}) {
  const shown = useRef<{ readonly files: Map<string, Blob>; readonly pages: PdfPages }>(undefined)
  if (shown.current === undefined) {
    const files = new Map<string, Blob>()
    shown.current = { files, pages: new PdfPages(async (id) => files.get(id) ?? new Blob()) }
  }
  const { files, pages } = shown.current
  const id = file === undefined ? null : idOf(file)
  if (file !== undefined && id !== null && !files.has(id)) {
    files.clear()
    files.set(id, file)
  }
  useEffect(() => () => pages.clear(), [pages])
  const desk = useDesk()
  useKeys(deskKeys(desk, true))
  return (
    <section className="card paper-preview" aria-label={title}>
      <header className="card-head">
        <h2>{title}</h2>
        <DeskBar desk={desk} />
      </header>
      {controls !== undefined && <div className="paper-controls">{controls}</div>}
      <PaperDesk desk={desk} pages={pages} id={id} label={label} error={error} steady />
    </section>
  )
}

let made = 0
const names = new WeakMap<Blob, string>()

/** The same file, the same name: it is not read twice. */
function idOf(file: Blob): string {
  const known = names.get(file)
  if (known !== undefined) return known
  made += 1
  names.set(file, `carta-${made}`)
  return `carta-${made}`
}
