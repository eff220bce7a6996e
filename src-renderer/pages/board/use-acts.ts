import { useRef, useState } from 'react'
import type { Id } from '#domain/brand'
import { client } from '../../client.ts'
import { sayFailure } from '../../components/toast.ts'
import { problemsOf } from '../../problems.ts'
import type { Act } from './board.ts'
import type { Annulling } from './RowDialogs.tsx'

type DecisionIds = readonly Id<'decision'>[]

export interface Acts {
  /** One write for all of them. Rejects in words; false when reversali would go: that is asked in a dialog of its own. */
  readonly decide: (acts: Act[], reason: string) => Promise<boolean>
  /** The same for a key: a failure is said, and a key pressed while one works is not taken. */
  readonly decideNow: (acts: Act[], onRefused: () => void) => void
  readonly undo: (ids: DecisionIds) => void
  readonly redo: () => void
  /** Waits for the person: reversali would go. */
  readonly annulling: Annulling | null
  /** How many times reversali were annulled here: what was being written is decided then. */
  readonly annulments: number
  readonly annul: (reason: string) => Promise<void>
  readonly leaveAnnulling: () => void
}

const STALE: ReadonlySet<string> = new Set([
  'DECISION_OF_ANOTHER',
  'DECISION_STANDS',
  'DECISION_GONE',
  'REVOCATION_CONFIRMED',
])

/** Deciding and taking back, with the table read again before the next key is taken. */
export function useActs(again: () => Promise<unknown>): Acts {
  const working = useRef(false)
  const undone = useRef<DecisionIds[]>([])
  const redoing = useRef(false)
  const [annulling, setAnnulling] = useState<Annulling | null>(null)
  const [annulments, setAnnulments] = useState(0)

  const send = async (what: Annulling, annul: boolean) => {
    const { acts, reason } = what
    if (what.undo.length > 0) {
      const { decisionIds } = await client.reconciliation.undo({ decisionIds: [...what.undo], reason, annul })
      if (!redoing.current) undone.current.push(decisionIds)
    } else {
      await client.reconciliation.decide({ acts, reason, annul })
      undone.current = []
    }
  }
  const attempt = async (what: Annulling): Promise<boolean> => {
    try {
      await send(what, false)
    } catch (error) {
      const codes = problemsOf(error).map(({ code }) => code)
      // Another has decided meanwhile: the page shows it beside the refusal.
      if (codes.some((code) => STALE.has(code))) void again()
      if (!codes.includes('MATCH_POSTED')) throw error
      setAnnulling(what)
      return false
    }
    await again()
    return true
  }
  const now = async (what: Annulling, onRefused?: () => void) => {
    if (working.current) return onRefused?.()
    working.current = true
    try {
      if (!(await attempt(what))) onRefused?.()
    } catch (error) {
      onRefused?.()
      sayFailure(error)
    } finally {
      working.current = false
    }
  }
  return {
    decide: (acts, reason) => attempt({ acts, undo: [], reason }),
    decideNow: (acts, onRefused) => void now({ acts, undo: [], reason: '' }, onRefused),
    undo: (ids) => void now({ acts: [], undo: ids, reason: '' }),
    redo: () => {
      const last = undone.current.pop()
      if (!last) return
      redoing.current = true
      void now({ acts: [], undo: last, reason: '' }).finally(() => {
        redoing.current = false
      })
    },
    annulling,
    annulments,
    annul: async (reason) => {
      if (!annulling) return
      await send({ ...annulling, reason }, true)
      setAnnulments((n) => n + 1)
      await again()
    },
    leaveAnnulling: () => setAnnulling(null),
  }
}
