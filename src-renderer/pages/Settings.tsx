import {
  type Icon,
  IconAlertTriangle,
  IconBook2,
  IconBuilding,
  IconBuildingBank,
  IconCalendarDollar,
  IconCategory,
  IconDatabase,
  IconDeviceMobile,
  IconFileText,
  IconFolderDown,
  IconFolderUp,
  IconListDetails,
  IconMail,
  IconMailOpened,
  IconPlugConnected,
  IconSun,
  IconTags,
  IconUsersGroup,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { problemText } from '#domain/problem'
import { SECTIONS } from '#domain/vocabulary'
import { orpc } from '../client.ts'
import { Page } from '../components/Page.tsx'
import { Accounts } from './settings/Accounts.tsx'
import { AlboDestinations } from './settings/AlboDestinations.tsx'
import { Appearance } from './settings/Appearance.tsx'
import { AppIo } from './settings/AppIo.tsx'
import { Arrivals } from './settings/Arrivals.tsx'
import { Backups } from './settings/Backups.tsx'
import { BookRules } from './settings/BookRules.tsx'
import { Exercises } from './settings/Exercises.tsx'
import { FileServers } from './settings/FileServers.tsx'
import { InstitutionForm } from './settings/InstitutionForm.tsx'
import { Letters } from './settings/Letters.tsx'
import { MailAccounts } from './settings/MailAccounts.tsx'
import { NodeSettings } from './settings/Node.tsx'
import { NodeCalls } from './settings/NodeCalls.tsx'
import { NoticeStyle } from './settings/NoticeStyle.tsx'
import { ServiceTypes } from './settings/ServiceTypes.tsx'
import { Taxonomy } from './settings/Taxonomy.tsx'

const ITEMS: readonly {
  readonly id: string
  readonly label: string
  readonly icon: Icon
  readonly body: ComponentType
}[] = [
  { id: 'ente', label: 'Ente', icon: IconBuilding, body: InstitutionForm },
  { id: 'conti', label: 'Conti e IBAN', icon: IconBuildingBank, body: Accounts },
  { id: 'esercizi', label: 'Esercizi e capitoli', icon: IconCalendarDollar, body: Exercises },
  { id: 'regole', label: 'Regole dei libri', icon: IconBook2, body: BookRules },
  { id: 'tipi', label: 'Tipi di dovuto', icon: IconTags, body: ServiceTypes },
  { id: 'tassonomia', label: 'Tassonomia', icon: IconCategory, body: Taxonomy },
  { id: 'avvisi', label: 'Avvisi', icon: IconFileText, body: NoticeStyle },
  { id: 'lettere', label: 'Lettere', icon: IconMailOpened, body: Letters },
  { id: 'posta', label: 'Posta e consegna', icon: IconMail, body: MailAccounts },
  { id: 'server', label: 'Server di file', icon: IconFolderUp, body: FileServers },
  { id: 'arrivi', label: 'Arrivo dei file', icon: IconFolderDown, body: Arrivals },
  { id: 'albo', label: 'Albo', icon: IconUsersGroup, body: AlboDestinations },
  { id: 'nodo', label: 'Nodo pagoPA', icon: IconPlugConnected, body: NodeSettings },
  { id: 'chiamate', label: 'Chiamate a pagoPA', icon: IconListDetails, body: NodeCalls },
  { id: 'io', label: 'App IO', icon: IconDeviceMobile, body: AppIo },
  { id: 'copie', label: 'Copie di sicurezza', icon: IconDatabase, body: Backups },
  { id: 'aspetto', label: 'Aspetto', icon: IconSun, body: Appearance },
]

/** Impostazioni: a sub-menu and one thing at a time (picture 09). */
export function Settings() {
  const { voce } = useParams({ strict: false }) as { voce?: string }
  const lacking = useQuery(orpc.noticeStyle.get.queryOptions()).data?.warnings ?? []
  const unread = useQuery(orpc.mailAccount.list.queryOptions()).data?.filter((a) => a.receiptsError !== null) ?? []
  const node = useQuery(orpc.node.get.queryOptions()).data
  const inUse = node?.connections.find(({ environment }) => environment === node.environment)
  const ibans = useQuery(orpc.node.ibans.queryOptions()).data?.problems ?? []
  const codes = (useQuery(orpc.taxonomy.wrong.queryOptions()).data ?? []).flatMap((one) => one.warning ?? [])
  const marks: Readonly<Record<string, readonly string[]>> = {
    avvisi: lacking,
    tassonomia: codes,
    nodo: [...(inUse?.lacks ?? []), ...ibans].map(problemText),
    posta: unread.map((a) => `${a.name}: ${a.receiptsError}`),
  }
  const item = ITEMS.find((i) => i.id === voce) ?? ITEMS[0]
  if (!item) return null
  const Body = item.body
  return (
    <Page title={SECTIONS.settings} about={item.label}>
      <div className="settings">
        <nav className="card settings-menu" aria-label="Impostazioni">
          <ul>
            {ITEMS.map((i) => (
              <li key={i.id}>
                <Link
                  to="/impostazioni/$voce"
                  params={{ voce: i.id }}
                  className="side-item"
                  aria-current={i.id === item.id ? 'page' : undefined}
                >
                  <i.icon size={17} stroke={1.7} aria-hidden />
                  {i.label}
                  {(marks[i.id]?.length ?? 0) > 0 && (
                    <span className="settings-mark t-warn" title={marks[i.id]?.join('\n')}>
                      <IconAlertTriangle size={15} stroke={1.7} aria-hidden />
                      <span className="visually-hidden"> (manca qualcosa)</span>
                    </span>
                  )}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <Body key={item.id} />
      </div>
    </Page>
  )
}
