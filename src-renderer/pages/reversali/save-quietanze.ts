import type { InferContractRouterInputs } from '@orpc/contract'
import type { Contract } from '#contract/contract'
import type { FolderToken } from '#domain/ports'
import { client } from '../../client.ts'
import { counted } from '../../components/cells.tsx'
import { say } from '../../components/toast.ts'
import { startJob } from '../../jobs/jobs.ts'

type Filters = InferContractRouterInputs<Contract>['quietanza']['saveAll']['filters']

/** One PDF for each quietanza into a folder; those already there and equal are left alone. */
export function saveQuietanze(filters: Filters, folder: FolderToken, place: string): void {
  void startJob({
    title: 'Salvo le quietanze',
    subtitle: place,
    unit: 'quietanze',
    cancelWord: 'Interrompi',
    cancelNote: 'Le quietanze già salvate restano nella cartella.',
    run: (signal) => client.quietanza.saveAll({ filters, folder }, { signal }),
    onDone: (done) =>
      say(
        done.same === 0
          ? `${counted(done.written, 'quietanza salvata', 'quietanze salvate')} in ${place}.`
          : `${counted(done.written, 'quietanza salvata', 'quietanze salvate')} in ${place}; ${counted(done.same, 'era già lì', 'erano già lì')}.`,
      ),
  })
}
