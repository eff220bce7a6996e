import { ActionIcon } from '@mantine/core'
import { IconChevronLeft } from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import { type ReactNode, useEffect } from 'react'

interface PageProps {
  readonly title: string
  /** What it is about, in grey: «402 di 1.842», the file, the bank and its dates. */
  readonly about?: ReactNode
  /** Secondary buttons, then the one primary last. */
  readonly actions?: ReactNode
  /** Where ← goes, for pages below another. */
  readonly back?: string
  readonly children: ReactNode
}

/** A page: head of 50 px, then what the page is. It never scrolls itself; tables and panels do. */
export function Page({ title, about, actions, back, children }: PageProps) {
  const router = useRouter()
  useEffect(() => {
    document.title = `${title} · Quietanza`
  }, [title])
  return (
    <div className="page">
      <header className="page-head">
        {back !== undefined && (
          <ActionIcon
            variant="subtle"
            size={24}
            aria-label="Torna indietro"
            onClick={() => (router.history.canGoBack() ? router.history.back() : void router.navigate({ to: back }))}
          >
            <IconChevronLeft size={18} stroke={1.7} />
          </ActionIcon>
        )}
        <h1>{title}</h1>
        {about !== undefined && <span className="page-about cut">{about}</span>}
        <div className="page-actions">{actions}</div>
      </header>
      {children}
    </div>
  )
}

/** A card with a head of its own. `grow` fills the height that is left and scrolls inside. */
export function Card({
  title,
  about,
  actions,
  grow,
  flush,
  foot,
  children,
  label,
}: {
  readonly title?: ReactNode
  readonly about?: ReactNode
  readonly actions?: ReactNode
  readonly grow?: boolean
  /** No padding around the content (tables, lists). */
  readonly flush?: boolean
  readonly foot?: ReactNode
  readonly children?: ReactNode
  readonly label?: string
}) {
  return (
    <section className={`card${grow ? ' grow' : ''}`} {...(label === undefined ? {} : { 'aria-label': label })}>
      {title !== undefined && (
        <header className="card-head">
          <h2>{title}</h2>
          {about !== undefined && <span className="muted small cut">{about}</span>}
          <div className="card-actions">{actions}</div>
        </header>
      )}
      <div
        className={flush ? 'card-flush' : 'card-body'}
        {...(grow
          ? { tabIndex: 0, role: 'group', 'aria-label': label ?? (typeof title === 'string' ? title : 'Contenuto') }
          : {})}
      >
        {children}
      </div>
      {foot !== undefined && <footer className="card-foot">{foot}</footer>}
    </section>
  )
}

/** Label and value, one under the other in two columns. */
export function Facts({ rows }: { readonly rows: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="facts">
      {rows.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
