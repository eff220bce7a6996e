import { ActionIcon } from '@mantine/core'
import { IconChevronDown, IconChevronUp, IconZoomIn, IconZoomOut } from '@tabler/icons-react'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Desk } from './desk.ts'
import { ErrorNote } from './ErrorNote.tsx'
import { PAPER, type PdfPages } from './pdf-pages.ts'

/** A PDF as it prints, all its pages one under the other, in any colour scheme white. What comes next is drawn ahead. */
export function PaperDesk({
  desk,
  pages,
  id,
  label,
  ahead = [],
  later = [],
  steady = false,
  error: given,
}: {
  readonly desk: Desk
  readonly pages: PdfPages
  /** What lies on the desk; null while it is not known. */
  readonly id: string | null
  /** «Avviso di Rossi Maria, numero 3…». */
  readonly label: string
  /** To be drawn next, the likeliest first. */
  readonly ahead?: readonly string[]
  /** To be at hand after those, undrawn. */
  readonly later?: readonly string[]
  /** The same paper changes while one looks at it: the page that is read stays where it is. */
  readonly steady?: boolean
  readonly error?: unknown
}) {
  const [error, setError] = useState<unknown>(null)
  const { scale, whole, scroller, setPages } = desk
  const next = ahead.join(' ')
  const after = later.join(' ')
  const count = id === null ? 1 : (pages.count(id) ?? desk.pages)

  // biome-ignore lint/correctness/useExhaustiveDependencies: another paper begins at its first page; a zoomed one stays
  useLayoutEffect(() => {
    if (whole && !steady) scroller.current?.scrollTo({ top: 0 })
    const known = id === null ? null : pages.count(id)
    if (known !== null) setPages(known)
  }, [id])

  useEffect(() => {
    if (id === null || scale === null) return
    let left = false
    setError(null)
    const work = async () => {
      setPages(await pages.open(id))
      await pages.draw(id, 1, scale)
      for (const other of next.split(' ').filter((t) => t !== '')) {
        if (left) return
        await pages.draw(other, 1, scale).catch(() => undefined)
      }
      for (const other of after.split(' ').filter((t) => t !== '')) {
        if (left) return
        await pages.open(other).catch(() => undefined)
      }
    }
    work().catch((failure: unknown) => {
      if (!left) setError(failure)
    })
    return () => {
      left = true
    }
  }, [pages, id, scale, next, after, setPages])

  const wrong = given ?? error
  return (
    // biome-ignore lint/a11y/useSemanticElements: a named part that scrolls, not a set of fields
    <div
      ref={desk.ref}
      className="desk"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
      tabIndex={0}
      role="group"
      aria-label="Pagine"
      onScroll={desk.onScroll}
    >
      {wrong !== null && wrong !== undefined ? (
        <div className="desk-pages">
          <ErrorNote error={wrong} />
        </div>
      ) : (
        <div className="desk-pages" data-paper={id ?? undefined}>
          {id !== null &&
            scale !== null &&
            Array.from({ length: count }, (_, i) => (
              <PaperPage
                // The first page, and those of a paper being changed, stay until the new ones are drawn.
                key={i === 0 || steady ? `${i}` : `${id}/${i}`}
                pages={pages}
                id={id}
                page={i + 1}
                scale={scale}
                root={scroller}
                label={count === 1 ? label : `${label}, pagina ${i + 1} di ${count}`}
              />
            ))}
        </div>
      )}
    </div>
  )
}

/** One page: drawn when it comes near the window, at once when it has been drawn ahead. */
function PaperPage({
  pages,
  id,
  page,
  scale,
  root,
  label,
}: {
  readonly pages: PdfPages
  readonly id: string
  readonly page: number
  readonly scale: number
  readonly root: { readonly current: HTMLDivElement | null }
  readonly label: string
}) {
  const holder = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const sheet = holder.current
    if (!sheet) return
    let left = false
    const show = (canvas: HTMLCanvasElement) => {
      sheet.replaceChildren(canvas)
      sheet.dataset.drawn = id
    }
    const there = pages.ready(id, page, scale)
    if (there) {
      show(there)
      return
    }
    const draw = () =>
      pages.draw(id, page, scale).then(
        (canvas) => {
          if (!left) show(canvas)
        },
        // Said by the desk, which opens the same document.
        () => sheet.replaceChildren(),
      )
    if (page === 1) {
      void draw()
      return () => {
        left = true
      }
    }
    const watch = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return
        watch.disconnect()
        void draw()
      },
      { root: root.current, rootMargin: '100% 0px' },
    )
    watch.observe(sheet)
    return () => {
      left = true
      watch.disconnect()
    }
  }, [pages, id, page, scale, root])
  return (
    <div
      ref={holder}
      className="desk-page"
      role="img"
      aria-label={label}
      style={{ width: Math.round(PAPER.width * scale), height: Math.round(PAPER.height * scale) }}
    />
  )
}

/** Page and zoom, at the right of a desk's bar. */
export function DeskBar({ desk }: { readonly desk: Desk }) {
  return (
    <div className="desk-bar">
      {desk.pages > 1 && (
        <>
          <span className="nowrap" aria-live="polite">
            Pagina {desk.page} di {desk.pages}
          </span>
          <ActionIcon
            variant="subtle"
            size={28}
            aria-label="Pagina precedente (Pag ↑)"
            title="Pagina precedente (Pag ↑)"
            disabled={desk.page <= 1}
            onClick={() => desk.turn(-1)}
          >
            <IconChevronUp size={17} stroke={1.7} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            size={28}
            aria-label="Pagina seguente (Pag ↓)"
            title="Pagina seguente (Pag ↓)"
            disabled={desk.page >= desk.pages}
            onClick={() => desk.turn(1)}
          >
            <IconChevronDown size={17} stroke={1.7} aria-hidden />
          </ActionIcon>
          <span className="desk-rule" aria-hidden />
        </>
      )}
      {!desk.whole && (
        <button type="button" className="link" onClick={desk.showWhole}>
          Tutta la pagina
        </button>
      )}
      <ActionIcon variant="subtle" size={28} aria-label="Riduci (−)" title="Riduci (−)" onClick={() => desk.zoomBy(-1)}>
        <IconZoomOut size={17} stroke={1.7} aria-hidden />
      </ActionIcon>
      <span className="num">{Math.round((desk.scale ?? 1) * 100)} %</span>
      <ActionIcon
        variant="subtle"
        size={28}
        aria-label="Ingrandisci (+)"
        title="Ingrandisci (+)"
        onClick={() => desk.zoomBy(1)}
      >
        <IconZoomIn size={17} stroke={1.7} aria-hidden />
      </ActionIcon>
    </div>
  )
}
