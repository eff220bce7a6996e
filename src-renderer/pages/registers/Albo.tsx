import { Views } from '../../components/Views.tsx'
import type { ListState } from '../../table/list-state.ts'
import { AlboNews } from './albo/AlboNews.tsx'
import { AlboSentLists } from './albo/AlboSentLists.tsx'

const SIDES = [
  { id: 'novita', label: 'Chi ha pagato' },
  { id: 'mandate', label: 'Liste mandate' },
]

/** Lists for the Albo: what the next ones will say, and the log of those made for a destination. */
export function Albo({ list }: { readonly list: ListState }) {
  // Which of the two stands in the address beside the filters, and is none of them.
  const { liste, ...filters } = list.filters
  const sent = liste === 'mandate'
  const own: ListState = {
    ...list,
    filters,
    clearFilters: () =>
      list.set({ ...Object.fromEntries(Object.keys(filters).map((key) => [key, undefined])), cerca: undefined }),
  }
  const go = (side: string, open?: number) => {
    const cleared = Object.fromEntries(Object.keys(list.url).map((key) => [key, undefined]))
    const registro = list.url.registro
    list.set(
      { ...cleared, registro, liste: side === 'mandate' ? side : undefined, sel: open?.toString() },
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
