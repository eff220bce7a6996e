import { formatCount } from '../components/cells.tsx'
import { reduceJob, useJobs } from './jobs.ts'

/** Running work that was reduced, in the top bar; a click opens its dialog again. */
export function JobChip() {
  const job = useJobs().find((j) => j.reduced)
  if (!job) return null
  const step = job.steps.at(-1)
  const share = step?.total ? step.done / step.total : 0
  return (
    <button type="button" className="job-chip" onClick={() => reduceJob(job.id, false)}>
      <span className="job-chip-bar">
        <span style={{ width: `${share * 100}%` }} />
      </span>
      {job.request.title}
      {step ? ` ${formatCount(step.done)}${step.total === null ? '' : ` di ${formatCount(step.total)}`}` : ''}
    </button>
  )
}
