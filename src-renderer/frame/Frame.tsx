import { useQueryClient } from '@tanstack/react-query'
import { Outlet, useLocation, useNavigate, useRouter } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useAppState } from '../app-state.ts'
import { JobDialog } from '../jobs/JobDialog.tsx'
import { useKeys } from '../keys.ts'
import { NUMBERED } from '../navigation.ts'
import { HelpSheet } from './HelpSheet.tsx'
import { KeysSheet } from './KeysSheet.tsx'
import { openPalette, Palette } from './Palette.tsx'
import { SideBar } from './SideBar.tsx'
import { StatusBar } from './StatusBar.tsx'
import { TopBar } from './TopBar.tsx'
import { UnsavedGuard } from './UnsavedGuard.tsx'

/** What stays while pages change: three rows, two columns (SCREENS.md §2). */
export function Frame() {
  const navigate = useNavigate()
  const router = useRouter()
  const queries = useQueryClient()
  const { pathname } = useLocation()
  const { data } = useAppState()
  const [sheet, setSheet] = useState<'keys' | 'help' | null>(null)

  useEffect(() => {
    if (data && !data.configured) void navigate({ to: '/primo-avvio', replace: true })
  }, [data, navigate])

  useKeys(
    [
      { keys: 'Ctrl+K', label: 'cerca o comanda', run: openPalette, everywhere: true },
      { keys: 'F1', label: 'aiuto di questa pagina', run: () => setSheet('help') },
      { keys: '?', label: 'tutti i tasti', run: () => setSheet('keys') },
      ...NUMBERED.map((section, i) => ({
        keys: `Alt+${i + 1}`,
        label: section.label,
        run: () => void navigate({ to: section.to }),
      })),
      { keys: 'Alt+ArrowLeft', label: 'torna indietro', run: () => router.history.back() },
      { keys: 'F5', label: 'rileggi', run: () => void queries.invalidateQueries() },
    ],
    'program',
  )
  return (
    <div className="frame">
      <a className="skip" href="#contenuto">
        Vai al contenuto
      </a>
      <TopBar />
      <SideBar />
      <main id="contenuto" className="content">
        <Outlet />
      </main>
      <StatusBar />
      <Palette />
      <JobDialog />
      <UnsavedGuard />
      <KeysSheet opened={sheet === 'keys'} onClose={() => setSheet(null)} />
      <HelpSheet opened={sheet === 'help'} onClose={() => setSheet(null)} path={pathname} />
    </div>
  )
}
