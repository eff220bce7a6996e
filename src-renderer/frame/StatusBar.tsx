import { IconDatabase, IconPlugConnectedX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Instant } from '#domain/date'
import { useAppState } from '../app-state.ts'
import { orpc } from '../client.ts'
import { relativeTime } from '../components/cells.tsx'
import { Key } from '../components/Key.tsx'
import { useBoundKeys } from '../keys.ts'

/** The keys of this page at the left, archive and last backup at the right. */
export function StatusBar() {
  const { page } = useBoundKeys()
  const ledger = useAppState().data?.ledger
  const archive = ledger?.engine === 'postgres' ? 'Archivio dell’ufficio' : 'Archivio locale'
  const backup = ledger?.lastBackupAt
    ? `copia di sicurezza ${relativeTime(ledger.lastBackupAt as Instant)}`
    : 'nessuna copia di sicurezza'
  return (
    <footer className="status">
      <ul className="status-keys" aria-label="Tasti di questa pagina">
        {page
          .filter((b) => !b.quiet)
          .map((b) => (
            <li key={`${[b.keys].flat().join()}-${b.label}`}>
              {[b.keys].flat().map((k) => (
                <Key key={k} keys={k} />
              ))}
              {b.label}
            </li>
          ))}
      </ul>
      <NodeSign />
      {ledger && (
        <span className="status-right" title={ledger.place}>
          <IconDatabase size={14} stroke={1.7} aria-hidden />
          {archive} · {backup}
        </span>
      )}
    </footer>
  )
}

/** Asked now and then: what the node answers to this program writes nothing by itself. */
export function useUnreachable() {
  return useQuery(orpc.nodePosition.reach.queryOptions({ refetchInterval: 30_000 })).data?.unreachable ?? null
}

/** The node cannot be reached: nothing is lost, what waits leaves by itself. */
function NodeSign() {
  const unreachable = useUnreachable()
  if (unreachable === null) return null
  return (
    <Link
      to="/nodo"
      className="status-node t-warn"
      title={`Da ${relativeTime(unreachable.at)}: ${unreachable.reason} Ciò che aspetta parte da sé.`}
    >
      <IconPlugConnectedX size={14} stroke={1.7} aria-hidden />
      Nodo non raggiungibile
    </Link>
  )
}
