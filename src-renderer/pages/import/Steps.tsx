import { IconCircleCheckFilled } from '@tabler/icons-react'
import type { ReactNode } from 'react'

const STEPS = ['Scegli il file', 'Abbina le colonne', 'Controlla', 'Conferma']

/** The four steps, which one is at work, and a word at the right. */
export function Steps({ current, right }: { readonly current: number; readonly right?: ReactNode }) {
  return (
    <div className="steps">
      <ol>
        {STEPS.map((step, i) => (
          <li key={step} aria-current={i === current ? 'step' : undefined} className={i < current ? 'done' : ''}>
            {i < current ? (
              <IconCircleCheckFilled size={17} className="t-acc" aria-hidden />
            ) : (
              <span className="step-number" aria-hidden>
                {i + 1}
              </span>
            )}
            {step}
          </li>
        ))}
      </ol>
      <span className="ink2 small">{right}</span>
    </div>
  )
}
