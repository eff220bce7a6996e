import type { InferContractRouterOutputs } from '@orpc/contract'
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react'
import type { Contract } from '#contract/contract'
import { counted } from '../../components/cells.tsx'

type Summary = InferContractRouterOutputs<Contract>['registerImport']['get']
type Carried = NonNullable<Summary['carried']>

/** Told by place; beyond these their number. */
const TOLD = 4

/** What of the reading before holds in this one too, and what no longer does: nothing that a person typed goes in silence. */
export function CarriedOver({ carried }: { readonly carried: Carried }) {
  const { cells, rows, choices, lost, lostChoices } = carried
  const kept = [
    ...(cells > 0 ? [counted(cells, 'cella corretta', 'celle corrette')] : []),
    ...(rows > 0 ? [counted(rows, 'riga lasciata fuori o spuntata', 'righe lasciate fuori o spuntate')] : []),
    ...(choices > 0 ? [counted(choices, 'scelta sulle persone', 'scelte sulle persone')] : []),
  ]
  const gone = [
    ...(lost.length > 0 ? [counted(lost.length, 'correzione', 'correzioni')] : []),
    ...(lostChoices > 0 ? [counted(lostChoices, 'scelta sulle persone', 'scelte sulle persone')] : []),
  ]
  const lostAny = gone.length > 0
  const Shape = lostAny ? IconAlertTriangle : IconInfoCircle
  return (
    <div className={`note ${lostAny ? 'note-warn' : 'note-info'} import-said`} role="status">
      <Shape size={16} stroke={1.7} aria-hidden />
      <div>
        {kept.length > 0 && <p>Riprese dalla lettura di prima: {kept.join(', ')}.</p>}
        {lostAny && (
          <p>
            <b className="strong">Da rifare, perché qui non si leggono più come prima: {gone.join(', ')}.</b>{' '}
            {lost.length > 0 && `${lost.slice(0, TOLD).map(inWords).join('; ')}`}
            {lost.length > TOLD && ` e altre ${lost.length - TOLD}`}
            {lost.length > 0 && '.'}
          </p>
        )}
      </div>
    </div>
  )
}

/** «F12 corretta in «1.234,56»» */
function inWords({ what, row, column, value }: Carried['lost'][number]): string {
  if (what === 'cell') return `${column}${row} corretta in «${value}»`
  return `riga ${row} ${what === 'leftOut' ? 'lasciata fuori' : 'spuntata'}`
}
