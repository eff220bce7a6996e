import { useEffect, useRef } from 'react'
import { ToneText } from '../../components/St.tsx'

export interface ProbeStep {
  readonly step: string
  readonly ok: boolean
  readonly ms: number
  readonly text: string
}

/** What a trial did, one line a step with its time; where it stopped, what to try, and what was not tried. */
export function TestLog({
  steps,
  remedies = {},
  expected = [],
}: {
  readonly steps: readonly ProbeStep[]
  /** By step: what to do when it fails. */
  readonly remedies?: Readonly<Record<string, string>>
  /** Steps in their order: those that are lacking after a failure were not tried. */
  readonly expected?: readonly string[]
}) {
  // The answer stands under a long form: it is brought where one looks.
  const here = useRef<HTMLElement>(null)
  useEffect(() => {
    here.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  const notTried = steps.every((s) => s.ok) ? [] : expected.filter((step) => !steps.some((s) => s.step === step))
  return (
    <section ref={here} className="test-log" aria-live="polite">
      <h3>Ultima prova</h3>
      <ul>
        {steps.map((s, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the steps of one trial, in order
          <li key={`${i}-${s.step}`}>
            <ToneText tone={s.ok ? 'ok' : 'bad'}>{s.step}</ToneText>
            <span className="muted num">{timeOf(s.ms)}</span>
            {s.text !== '' && (
              <span className="ink2 small test-text">
                {s.text}
                {!s.ok && remedies[s.step] !== undefined && ` ${remedies[s.step]}`}
              </span>
            )}
          </li>
        ))}
        {notTried.map((step) => (
          <li key={step}>
            <ToneText tone="neu">{step}</ToneText>
            <span className="muted small">non provato</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** «12 ms», «1,4 s» */
function timeOf(ms: number): string {
  return ms < 100 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1).replace('.', ',')} s`
}
