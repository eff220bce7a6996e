import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { Progress } from '#domain/progress'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { ReasonField } from '../../components/fields.tsx'
import { ActEffect, type Lifecycle } from './ActEffect.tsx'
import { type ActPreview, doAct } from './act-frame.ts'

/**
 * One act on some positions: its fields, live what they do to how many and who is left out, the reason, the act. Nothing is
 * done that was not shown: the count of the preview goes along.
 */
export function PositionActDialog<Input>({
  input,
  preview: ask,
  missing = null,
  title,
  subtitle,
  act,
  words,
  warning,
  danger,
  reasons,
  lifecycle,
  run,
  onClose,
  onDone,
  children,
}: {
  /** What is asked for; null while the fields are not filled in, or ask for nothing. */
  readonly input: Input | null
  readonly preview: (input: Input, signal: AbortSignal) => Promise<ActPreview>
  /** Why there is nothing to show yet. */
  readonly missing?: string | null
  readonly title: (count: number) => string
  readonly subtitle?: string
  /** The acting button; the title where it is not given. */
  readonly act?: (count: number) => string
  readonly words: { readonly title: string; readonly done: readonly [one: string, many: string] }
  readonly warning?: ReactNode
  readonly danger?: boolean
  /** What the position is and becomes, where the act is about that. */
  readonly lifecycle?: readonly [before: Lifecycle, after: Lifecycle]
  /** Reasons that are often the right ones. */
  readonly reasons: readonly string[]
  readonly run: (
    input: Input,
    said: { readonly reason: string; readonly expected: number; readonly stamp: string },
    signal: AbortSignal,
  ) => Promise<
    AsyncIterator<
      Progress,
      { readonly count: number; readonly leftOut: readonly { readonly reason: string; readonly count: number }[] }
    >
  >
  readonly onClose: () => void
  readonly onDone: () => void
  readonly children?: ReactNode
}) {
  const [reason, setReason] = useState('')
  const [asked] = useDebouncedValue(input, 150)
  const query = useQuery({
    queryKey: ['positionAct.preview', words.title, asked],
    queryFn: ({ signal }) => ask(asked as Input, signal),
    enabled: asked !== null,
    staleTime: 0,
    placeholderData: keepPreviousData,
  })
  const current = input !== null && JSON.stringify(asked) === JSON.stringify(input) && !query.isPlaceholderData
  const preview = input === null ? undefined : query.data
  const count = preview?.count ?? 0
  const name = title(count)
  const lacking = missing ?? (count > 0 && reason.trim().length < 3 ? 'Scrivi il motivo.' : null)
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      wide
      title={name}
      {...(subtitle === undefined ? {} : { subtitle })}
      act={act ? act(count) : name}
      leave="Lascia"
      {...(danger ? { danger } : {})}
      {...(lacking === null ? {} : { note: lacking })}
      disabled={!current || count === 0 || reason.trim().length < 3}
      {...(warning === undefined ? {} : { warning })}
      onConfirm={async () => {
        if (input === null || preview === undefined) return
        const said = { reason: reason.trim(), expected: count, stamp: preview.stamp }
        await doAct(count, words, (signal) => run(input, said, signal), onDone)
      }}
    >
      {children}
      <ErrorNote error={input === null ? null : query.error} />
      {preview && <ActEffect preview={preview} {...(lifecycle ? { lifecycle } : {})} />}
      <div className="act-reason">
        <ReasonField value={reason} onChange={setReason} />
        <div className="reason-chips">
          {reasons.map((r) => (
            <button key={r} type="button" className="chip add" onClick={() => setReason(r)}>
              {r}
            </button>
          ))}
        </div>
      </div>
    </ConfirmDialog>
  )
}
