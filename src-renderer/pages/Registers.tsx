import { SECTIONS } from '#domain/vocabulary'
import { useExercise } from '../app-state.ts'
import { Page } from '../components/Page.tsx'
import { Views } from '../components/Views.tsx'
import { useKeys } from '../keys.ts'
import { useListState, withoutKey } from '../table/list-state.ts'
import { cleared } from '../url-state.ts'
import { Albo } from './registers/Albo.tsx'
import { Capitoli } from './registers/Capitoli.tsx'
import { CashJournal } from './registers/CashJournal.tsx'
import { Mastro } from './registers/Mastro.tsx'
import { Quietanze } from './registers/Quietanze.tsx'
import { Residui } from './registers/Residui.tsx'
import { TransmissionLists } from './registers/TransmissionLists.tsx'
import { Unpaid } from './registers/Unpaid.tsx'

const REGISTERS = [
  { id: 'capitoli', label: 'Situazione dei capitoli' },
  { id: 'mastro', label: 'Mastro' },
  { id: 'cassa', label: 'Giornale di cassa' },
  { id: 'residui', label: 'Residui' },
  { id: 'insoluti', label: 'Insoluti' },
  { id: 'quietanze', label: 'Quietanze' },
  { id: 'distinte', label: 'Distinte' },
  { id: 'albo', label: 'Liste per l’Albo' },
] as const

/** Archivio · Registri: the books, each sum opened down to the lines that make it. */
export function Registers() {
  const exercise = useExercise()
  const list = useListState()
  const chosen = list.url.registro ?? 'capitoli'
  const own = withoutKey(list, 'registro')
  // The situation is read whole: it has no cursor.
  useKeys(
    chosen === 'capitoli'
      ? []
      : [
          { keys: ['ArrowUp', 'ArrowDown'], label: 'scorri' },
          { keys: 'Enter', label: 'apri' },
        ],
  )
  const go = (id: string) => {
    list.set({ ...cleared(list.url), registro: id === 'capitoli' ? undefined : id }, { push: true })
  }
  return (
    <Page title={SECTIONS.registers} about={`esercizio ${exercise}`}>
      <Views label="Registri" tabs={REGISTERS} value={chosen} onChange={go} />
      {chosen === 'capitoli' && <Capitoli />}
      {chosen === 'mastro' && <Mastro list={own} />}
      {chosen === 'cassa' && <CashJournal list={own} />}
      {chosen === 'residui' && <Residui list={own} />}
      {chosen === 'insoluti' && <Unpaid list={own} />}
      {chosen === 'quietanze' && <Quietanze list={own} />}
      {chosen === 'distinte' && <TransmissionLists list={own} />}
      {chosen === 'albo' && <Albo list={own} />}
    </Page>
  )
}
