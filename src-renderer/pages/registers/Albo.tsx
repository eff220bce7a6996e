import { Views } from '../../components/Views.tsx'
import { type ListState, withoutKey } from '../../table/list-state.ts'
import { cleared } from '../../url-state.ts'
import { AlboNews } from './albo/AlboNews.tsx'
import { AlboSentLists } from './albo/AlboSentLists.tsx'

const SIDES = [
  { id: 'novita', label: 'Chi ha pagato' },
  { id: 'mandate', label: 'Liste mandate' },
]

/** Lists for the Albo: what the next ones will say, and the log of those made for a destination. */
export function Albo({ list }: { readonly list: ListState }) {
  const sent = list.filters.liste === 'mandate'
  const own = withoutKey(list, 'liste')
  const go = (side: string, open?: number) => {
    const registro = list.url.registro
    list.set(
      { ...cleared(list.url), registro, liste: side === 'mandate' ? side : undefined, sel: open?.toString() },
      { push: true },
    )
  }
  return (
    <>
      <Views label="Liste per l’Albo" tabs={SIDES} value={sent ? 'mandate' : 'novita'} onChange={(side) => go(side)} />
      {sent ? <AlboSentLists list={own} /> : <AlboNews list={own} onSent={(id) => go('mandate', id)} />}
    </>
  )
}
