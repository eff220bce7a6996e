import type { Id } from '#domain/brand'
import { client } from '../../client.ts'
import { counted } from '../../components/cells.tsx'
import { say } from '../../components/toast.ts'

/** «senza indirizzo PEC (2), già pagate (1)»: who was left out of an act, in one line. */
export function leftOutWords(leftOut: readonly { readonly reason: string; readonly count: number }[]): string {
  return leftOut
    .map(
      (l) => `${l.reason.charAt(0).toLocaleLowerCase('it')}${l.reason.slice(1)}${l.count > 1 ? ` (${l.count})` : ''}`,
    )
    .join(', ')
}

/** Sends the failed ones again, each to the address that the person has today: they go to the queue and leave by themselves. */
export async function retryDeliveries(ids: readonly Id<'delivery'>[]): Promise<void> {
  const { queued, leftOut } = await client.delivery.retry({ ids: [...ids] })
  const out = leftOutWords(leftOut)
  say(
    [
      queued > 0 ? counted(queued, 'avviso riparte', 'avvisi ripartono') : 'Nessun avviso riparte',
      out === '' ? '' : `restano fuori: ${out}`,
    ]
      .filter((t) => t !== '')
      .join(' · '),
  )
}
