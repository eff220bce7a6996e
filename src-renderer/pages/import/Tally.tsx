import type { InferContractRouterOutputs } from '@orpc/contract'
import type { Contract } from '#contract/contract'
import { counted, formatCount } from '../../components/cells.tsx'

type Preview = InferContractRouterOutputs<Contract>['registerImport']['preview']

/** What would become of the first rows, as long as the mapping is being made. */
export function Tally({ read }: { readonly read: Preview | undefined }) {
  if (read === undefined || read.read === 0) return null
  const words = read.complete
    ? `Tutte le ${counted(read.read, 'riga', 'righe')}`
    : `Prime ${counted(read.read, 'riga', 'righe')}`
  return (
    <span className="small map-tally" role="status">
      <span className="ink2">{words}:</span> <span className="t-ok">{counted(read.good, 'pronta', 'pronte')}</span>
      {read.error > 0 && <span className="t-bad">, {formatCount(read.error)} con errori</span>}
      {read.warning > 0 && <span className="t-warn">, {formatCount(read.warning)} con avvertenze</span>}
      {read.skipped > 0 && <span className="ink2">, {formatCount(read.skipped)} saltate</span>}
    </span>
  )
}
