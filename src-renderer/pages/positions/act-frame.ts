import type { InferContractRouterOutputs } from '@orpc/contract'
import type { Contract } from '#contract/contract'
import type { Progress } from '#domain/progress'
import { counted } from '../../components/cells.tsx'
import { say } from '../../components/toast.ts'
import { startJob } from '../../jobs/jobs.ts'
import type { PositionSelection } from './position-list.tsx'

export type ActPreview = InferContractRouterOutputs<Contract>['positionAct']['changePreview']
export type PositionCard = InferContractRouterOutputs<Contract>['positionAct']['card']

/** What every act on positions is opened with. */
export interface ActProps {
  readonly selection: PositionSelection
  readonly onClose: () => void
  /** After the act: the selection has done its work. */
  readonly onDone: () => void
}

interface Done {
  readonly count: number
  readonly leftOut: readonly { readonly reason: string; readonly count: number }[]
}

/** Up to so many are awaited in the dialog, which then shows what went wrong; more are long work. */
const AT_ONCE = 25

/** Does an act on `count` positions: here and now when they are few, else as long work with its cancel. */
export async function doAct(
  count: number,
  words: { readonly title: string; readonly done: readonly [one: string, many: string] },
  run: (signal: AbortSignal) => Promise<AsyncIterator<Progress, Done>>,
  onDone: () => void,
): Promise<void> {
  const finish = ({ count: made, leftOut }: Done) => {
    const out = leftOut.reduce((n, l) => n + l.count, 0)
    say(
      `${counted(made, ...words.done)}.${out === 0 ? '' : ` ${out === 1 ? 'Ne resta fuori 1' : `Ne restano fuori ${out}`}.`}`,
    )
    onDone()
  }
  if (count <= AT_ONCE) {
    const beats = await run(new AbortController().signal)
    for (;;) {
      const beat = await beats.next()
      if (beat.done) return finish(beat.value)
    }
  }
  void startJob({
    title: words.title,
    unit: 'posizioni',
    cancelWord: 'Annulla',
    cancelNote: 'Se annulli non cambia niente: o tutte o nessuna',
    run,
    onDone: finish,
    onCancelled: () => say('Annullato: nessuna posizione è cambiata.'),
  })
}
