import { IconShieldCheck } from '@tabler/icons-react'
import { formatCount } from '../../components/cells.tsx'

/** Nothing entered yet; what may be done with errors left: a sentence to be chosen, never the default. */
export function CheckFoot({
  blocked,
  entering,
  onGoodOnly,
  onDiscard,
}: {
  readonly blocked: boolean
  readonly entering: number
  readonly onGoodOnly: () => void
  readonly onDiscard: () => void
}) {
  return (
    <>
      <IconShieldCheck size={18} stroke={1.6} className="t-acc" aria-hidden />
      <p>
        Niente è ancora entrato nei conti.
        {blocked && entering > 0 && (
          <>
            {' '}
            Correggi nel file e rileggilo, oppure{' '}
            <button type="button" className="link" onClick={onGoodOnly}>
              {entering === 1 ? 'importa solo la riga buona' : `importa solo le ${formatCount(entering)} righe buone`}
            </button>
            .
          </>
        )}{' '}
        Non serve più?{' '}
        <button type="button" className="link" onClick={onDiscard}>
          Scarta questa lettura
        </button>
        .
      </p>
    </>
  )
}
