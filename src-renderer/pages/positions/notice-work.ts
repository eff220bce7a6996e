import type { FolderToken } from '#domain/ports'
import { problemText } from '#domain/problem'
import { client } from '../../client.ts'
import { counted } from '../../components/cells.tsx'
import { printFile, saveBlob } from '../../components/files.ts'
import { say, sayFailure } from '../../components/toast.ts'
import { startJob } from '../../jobs/jobs.ts'
import type { PositionSelection } from './position-list.tsx'

/** The cover letter that goes along, as the contract names it; without one the notices go alone. */
type Letter = NonNullable<Parameters<typeof client.notice.print>[0]['letter']>

/** One PDF with all these notices, handed to the printer. */
export function printNotices(selection: PositionSelection, letter: Letter | null = null): void {
  void startJob({
    title: 'Preparo gli avvisi da stampare',
    unit: 'avvisi',
    cancelWord: 'Annulla la stampa',
    cancelNote: 'Se annulli non si stampa niente',
    run: (signal) => client.notice.print({ selection, letter }, { signal }),
    onDone: ({ file, problems }) => {
      if (problems.total > 0)
        say(`${counted(problems.total, 'avviso resta', 'avvisi restano')} fuori: ${first(problems)}`)
      printFile(file).catch(sayFailure)
    },
    onCancelled: () => say('Stampa annullata: non si stampa niente.'),
  })
}

/** One PDF each into a folder; those already there and equal are left. */
export function saveNotices(
  selection: PositionSelection,
  folder: { readonly token: FolderToken; readonly place: string },
  letter: Letter | null = null,
) {
  void startJob({
    title: 'Salvo gli avvisi',
    subtitle: folder.place,
    unit: 'PDF',
    cancelWord: 'Annulla il salvataggio',
    cancelNote: 'I PDF già scritti restano nella cartella',
    run: (signal) => client.notice.saveAll({ selection, folder: folder.token, letter }, { signal }),
    onDone: ({ written, same, problems }) =>
      say(
        [
          written > 0 || same === 0 ? `${counted(written, 'PDF scritto', 'PDF scritti')} in ${folder.place}` : '',
          same === 0
            ? ''
            : written > 0
              ? counted(same, 'era già lì uguale', 'erano già lì uguali')
              : `Niente da scrivere in ${folder.place}: ${counted(same, 'PDF era già lì uguale', 'PDF erano già lì uguali')}`,
          problems.total > 0 ? `${counted(problems.total, 'resta', 'restano')} fuori: ${first(problems)}` : '',
        ]
          .filter((t) => t !== '')
          .join(' · '),
      ),
    onCancelled: () => say(`Salvataggio annullato: i PDF già scritti restano in ${folder.place}.`),
  })
}

function first(problems: { readonly first: readonly Parameters<typeof problemText>[0][] }): string {
  const problem = problems.first[0]
  return problem ? problemText(problem) : ''
}

/** The notice of one position as a file of the person's; one that had left before says «Duplicato». */
export async function saveNotice(
  debtPositionId: Parameters<typeof client.notice.save>[0]['debtPositionId'],
  letter: Letter | null = null,
) {
  try {
    const file = await client.notice.save({ debtPositionId, letter })
    saveBlob(file, file instanceof File ? file.name : 'avviso.pdf')
  } catch (error) {
    sayFailure(error)
  }
}
