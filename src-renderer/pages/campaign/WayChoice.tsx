import { Checkbox } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { CHANNELS } from '#domain/vocabulary'
import type { Channel } from './campaign-form.ts'

/** One channel of the choice: tick, what it does, what is missing for it, and from where it leaves once chosen. */
export function WayChoice({
  channel,
  description,
  checked,
  absent,
  children,
  onCheck,
}: {
  readonly channel: Channel
  readonly description?: string
  readonly checked: boolean
  /** Nothing to send from yet: words, and the part of the settings where it is written. */
  readonly absent?: { readonly text: string; readonly link: string; readonly settings: string } | undefined
  readonly children?: ReactNode
  readonly onCheck: (checked: boolean) => void
}) {
  return (
    <div className="channel-choice">
      <Checkbox
        label={CHANNELS[channel]}
        {...(description === undefined || absent ? {} : { description })}
        checked={checked && !absent}
        disabled={absent !== undefined}
        onChange={(e) => onCheck(e.currentTarget.checked)}
      />
      {absent && (
        <span className="small ink2">
          {absent.text}{' '}
          <Link to="/impostazioni/$voce" params={{ voce: absent.settings }}>
            {absent.link}
          </Link>
        </span>
      )}
      {checked && !absent && children}
    </div>
  )
}
