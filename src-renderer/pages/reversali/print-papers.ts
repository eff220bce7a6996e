import { client } from '../../client.ts'
import { printFile } from '../../components/files.ts'
import { say, sayFailure } from '../../components/toast.ts'
import { startJob } from '../../jobs/jobs.ts'

export type ReversaleSelection = Parameters<typeof client.reversale.print>[0]['selection']
type QuietanzaQuery = Parameters<typeof client.quietanza.print>[0]

const WORDS = {
  cancelWord: 'Annulla la stampa',
  cancelNote: 'Se annulli non si stampa niente',
  onCancelled: () => say('Stampa annullata: non si stampa niente.'),
} as const

/** One PDF with all these reversali, handed to the printer. */
export function printReversali(selection: ReversaleSelection): void {
  void startJob({
    ...WORDS,
    title: 'Preparo le reversali da stampare',
    unit: 'reversali',
    run: (signal) => client.reversale.print({ selection }, { signal }),
    onDone: ({ file }) => printFile(file).catch(sayFailure),
  })
}

/** One PDF with all the quietanze of a list, handed to the printer. */
export function printQuietanze(query: QuietanzaQuery): void {
  void startJob({
    ...WORDS,
    title: 'Preparo le quietanze da stampare',
    unit: 'quietanze',
    run: (signal) => client.quietanza.print(query, { signal }),
    onDone: ({ file }) => printFile(file).catch(sayFailure),
  })
}
