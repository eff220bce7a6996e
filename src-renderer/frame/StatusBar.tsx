import { IconDatabase } from '@tabler/icons-react'
import type { Instant } from '#domain/date'
import { useAppState } from '../app-state.ts'
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
      {ledger && (
        <span className="status-right" title={ledger.place}>
          <IconDatabase size={14} stroke={1.7} aria-hidden />
          {archive} · {backup}
        </span>
      )}
    </footer>
  )
}
