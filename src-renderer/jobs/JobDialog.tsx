import { Button, Modal } from '@mantine/core'
import { IconCircleCheck, IconCircleDashed, IconClockHour4 } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { counted, formatCount } from '../components/cells.tsx'
import { ErrorNote } from '../components/ErrorNote.tsx'
import { Sheet } from '../components/Sheet.tsx'
import { dismissJob, type JobState, reduceJob, timeLeft, useJobs } from './jobs.ts'

const SHOW_AFTER_MS = 400

/** The dialog of long work (SCREENS.md §8): one at a time, the newest that is not reduced. */
export function JobDialog() {
  const job = useJobs().findLast((j) => !j.reduced)
  const now = useNow(job !== undefined)
  if (!job || (job.phase === 'running' && now - job.startedAt < SHOW_AFTER_MS)) return null
  return <Dialog job={job} now={now} />
}

function Dialog({ job, now }: { readonly job: JobState; readonly now: number }) {
  const step = job.steps.at(-1)
  const share = step?.total ? Math.min(1, step.done / step.total) : null
  const left = timeLeft(job, now)
  const spoken = share === null ? '' : `${Math.floor(share * 10) * 10} per cento`
  if (job.phase === 'failed') {
    return (
      <Sheet opened onClose={() => dismissJob(job.id)} title={`${job.request.title}: fermato`} size={500}>
        <ErrorNote error={job.error} />
        <div className="dialog-foot inset">
          <span className="muted small">Niente di questo passo è entrato nei conti</span>
          <Button onClick={() => dismissJob(job.id)} data-autofocus>
            Chiudi
          </Button>
        </div>
      </Sheet>
    )
  }
  return (
    <Modal
      opened
      onClose={() => reduceJob(job.id, true)}
      withCloseButton={false}
      size={500}
      padding={0}
      attributes={{ content: { 'aria-label': job.request.title } }}
    >
      <div className="job">
        <h2 className="dialog-title">{job.request.title}</h2>
        <p className="ink2">
          {job.request.subtitle ? `${job.request.subtitle}, puoi` : 'Puoi'} continuare a lavorare:{' '}
          <button type="button" className="link" onClick={() => reduceJob(job.id, true)}>
            riduci
          </button>
        </p>
        <div
          className="job-bar"
          role="progressbar"
          aria-label={job.request.title}
          aria-valuemin={0}
          aria-valuemax={100}
          {...(share === null ? {} : { 'aria-valuenow': Math.round(share * 100) })}
        >
          <div
            style={{ width: share === null ? '35%' : `${share * 100}%` }}
            className={share === null ? 'unknown' : ''}
          />
        </div>
        <div className="job-count">
          <span>
            {step
              ? step.total === null
                ? `${formatCount(step.done)} ${job.request.unit}`
                : `${formatCount(step.done)} di ${counted(step.total, job.request.unit, job.request.unit)}`
              : 'Preparo…'}
          </span>
          <span className="muted">{job.phase === 'cancelling' ? 'mi fermo…' : left}</span>
        </div>
        <ul className="job-steps">
          {job.steps.map((s, i) => {
            const current = i === job.steps.length - 1
            const Icon = current
              ? s.total !== null && s.done >= s.total
                ? IconCircleCheck
                : IconClockHour4
              : IconCircleCheck
            return (
              <li key={s.step} className={current ? 'strong' : ''}>
                <Icon size={14} stroke={1.7} className={current ? 't-info' : 't-ok'} />
                <span>{s.step}</span>
                <span className="num muted">{formatCount(s.done)}</span>
              </li>
            )
          })}
          {job.steps.length === 0 && (
            <li className="muted">
              <IconCircleDashed size={14} stroke={1.7} />
              <span>In attesa del primo passo</span>
            </li>
          )}
        </ul>
        <div className="visually-hidden" aria-live="polite">
          {spoken}
        </div>
      </div>
      <div className="dialog-foot">
        <span className="muted small">{job.request.cancelNote}</span>
        <Button disabled={job.phase === 'cancelling'} onClick={job.cancel} size="sm">
          {job.request.cancelWord}
        </Button>
      </div>
    </Modal>
  )
}

function useNow(active: boolean): number {
  const [now, setNow] = useState(() => performance.now())
  useEffect(() => {
    if (!active) return
    setNow(performance.now())
    const timer = setInterval(() => setNow(performance.now()), 200)
    return () => clearInterval(timer)
  }, [active])
  return now
}
