import {
  createBrowserHistory,
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Navigate,
  Outlet,
} from '@tanstack/react-router'
import { Frame } from './frame/Frame.tsx'
import { PageError } from './frame/PageError.tsx'
import { tidy } from './url-state.ts'

const root = createRootRoute({ component: Outlet, errorComponent: PageError, validateSearch: (search) => tidy(search) })

const frame = createRoute({ getParentRoute: () => root, id: 'frame', component: Frame })

const firstRun = createRoute({
  getParentRoute: () => root,
  path: '/primo-avvio',
  component: lazyRouteComponent(() => import('./pages/FirstRun.tsx'), 'FirstRun'),
})

// One line a page: Italian address, lazily loaded component of the same name as its file.
const pages = [
  page('/', () => import('./pages/Dashboard.tsx'), 'Dashboard'),
  page('/importa', () => import('./pages/RegisterImport.tsx'), 'RegisterImport'),
  page('/importa/storico', () => import('./pages/ImportHistory.tsx'), 'ImportHistory'),
  page('/tariffe', () => import('./pages/Tariffs.tsx'), 'Tariffs'),
  page('/quote/genera', () => import('./pages/GenerateQuotas.tsx'), 'GenerateQuotas'),
  page('/mora', () => import('./pages/LateFees.tsx'), 'LateFees'),
  page('/accertamenti', () => import('./pages/Accertamenti.tsx'), 'Accertamenti'),
  page('/posizioni', () => import('./pages/DebtPositions.tsx'), 'DebtPositions'),
  page('/posizioni/genera', () => import('./pages/GeneratePositions.tsx'), 'GeneratePositions'),
  page('/posizioni/nuova', () => import('./pages/NewPosition.tsx'), 'NewPosition'),
  page('/avvisi', () => import('./pages/Notices.tsx'), 'Notices'),
  page('/nodo', () => import('./pages/Node.tsx'), 'Node'),
  page('/consegne', () => import('./pages/Deliveries.tsx'), 'Deliveries'),
  page('/consegne/nuova', () => import('./pages/NewCampaign.tsx'), 'NewCampaign'),
  page('/consegne/recapiti', () => import('./pages/FailingAddresses.tsx'), 'FailingAddresses'),
  page('/consegne/non-spedire', () => import('./pages/StopList.tsx'), 'StopList'),
  page('/rendicontazioni', () => import('./pages/ReportingFlows.tsx'), 'ReportingFlows'),
  page('/ricevute', () => import('./pages/Receipts.tsx'), 'Receipts'),
  page('/estratti-conto', () => import('./pages/BankStatements.tsx'), 'BankStatements'),
  page('/estratti-conto/carica', () => import('./pages/StatementLoad.tsx'), 'StatementLoad'),
  page('/riconciliazione', () => import('./pages/Reconciliation.tsx'), 'Reconciliation'),
  page('/riconciliazione/regole', () => import('./pages/Rules.tsx'), 'Rules'),
  page('/reversali', () => import('./pages/Reversali.tsx'), 'Reversali'),
  page('/persone', () => import('./pages/People.tsx'), 'People'),
  page('/persone/doppioni', () => import('./pages/Duplicates.tsx'), 'Duplicates'),
  page('/persone/$id', () => import('./pages/PersonCard.tsx'), 'PersonCard'),
  page('/registri', () => import('./pages/Registers.tsx'), 'Registers'),
  page('/giornale', () => import('./pages/Journal.tsx'), 'Journal'),
  page('/impostazioni', () => import('./pages/Settings.tsx'), 'Settings'),
  page('/impostazioni/$voce', () => import('./pages/Settings.tsx'), 'Settings'),
]

function page<M extends Record<string, unknown>, K extends keyof M & string>(
  path: string,
  load: () => Promise<M>,
  name: K,
) {
  return createRoute({
    getParentRoute: () => frame,
    path,
    component: lazyRouteComponent(load as () => Promise<Record<string, never>>, name),
    errorComponent: PageError,
  })
}

const unknown = createRoute({ getParentRoute: () => frame, path: '$', component: () => <Navigate to="/" /> })

export const router = createRouter({
  routeTree: root.addChildren([firstRun, frame.addChildren([...pages, unknown])]),
  // Electron's app:// serves one document: the address lives after the hash there.
  history: location.protocol === 'app:' ? createHashHistory() : createBrowserHistory(),
  defaultPreload: 'intent',
  // Filters are plain texts in the address, without JSON quotes.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const text = new URLSearchParams(tidy(search) as Record<string, string>).toString()
    return text === '' ? '' : `?${text}`
  },
})
