import type { InferContractRouterOutputs } from '@orpc/contract'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { Contract } from '#contract/contract'
import type { Id } from '#domain/brand'
import type { LetterPlace } from '#domain/letter-paper'
import { orpc } from '../../client.ts'
import { keepChoice } from '../../components/kept-choice.ts'

export type Letter = InferContractRouterOutputs<Contract>['letter']['list'][number]

/** The letter that goes along with every notice that is shown, printed or saved. */
export interface ChosenLetter {
  readonly id: Id<'letter'>
  readonly place: LetterPlace
}

const KEY = 'avvisi.lettera'

interface LetterChoice {
  readonly letters: readonly Letter[]
  /** The letters are known: until then the paper might still change. */
  readonly known: boolean
  readonly chosen: ChosenLetter | null
  readonly choose: (letter: ChosenLetter | null) => void
}

/** The letters of the ledger and the choice among them, remembered for the operator. */
export function useLetterChoice(): LetterChoice {
  const queries = useQueryClient()
  const letters = useQuery(orpc.letter.list.queryOptions())
  const options = orpc.setting.get.queryOptions({ input: { key: KEY }, staleTime: Number.POSITIVE_INFINITY })
  const stored = useQuery(options)
  const found = letters.data ?? []
  const remembered = readChoice(stored.data ?? null)
  return {
    letters: found,
    known: !letters.isPending && !stored.isPending,
    chosen: remembered && found.some((letter) => letter.id === remembered.id) ? remembered : null,
    choose: (letter) => {
      keepChoice(queries, options.queryKey, KEY, letter === null ? null : JSON.stringify(letter))
    },
  }
}

function readChoice(text: string | null): ChosenLetter | null {
  if (text === null) return null
  try {
    const { id, place } = JSON.parse(text) as { readonly id?: unknown; readonly place?: unknown }
    if (typeof id !== 'number' || (place !== 'before' && place !== 'after')) return null
    return { id: id as Id<'letter'>, place }
  } catch {
    return null
  }
}

/** Name of a paper among those drawn ahead: the notice of a position, with the letter that goes along. */
export function paperId(position: number, letter: ChosenLetter | null): string {
  return letter === null ? `${position}` : `${position}-${letter.id}-${letter.place}`
}

/** What the backend is asked for by such a name. */
export function noticeOf(paper: string): { debtPositionId: Id<'debtPosition'>; letter: ChosenLetter | null } {
  const [position, letter, place] = paper.split('-')
  return {
    debtPositionId: Number(position) as Id<'debtPosition'>,
    letter:
      letter === undefined
        ? null
        : { id: Number(letter) as Id<'letter'>, place: place === 'after' ? 'after' : 'before' },
  }
}
