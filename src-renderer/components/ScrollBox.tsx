import type { ReactNode } from 'react'

/** A part of a page or dialog that scrolls by itself: the keyboard reaches it, and it has a name. */
export function ScrollBox({
  label,
  className,
  children,
}: {
  readonly label: string
  readonly className: string
  readonly children: ReactNode
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
    // biome-ignore lint/a11y/useSemanticElements: a named part that scrolls, not a set of fields nor a landmark
    <div className={className} tabIndex={0} role="group" aria-label={label}>
      {children}
    </div>
  )
}
