import {
  type Icon,
  IconArrowsJoin2,
  IconArrowsSplit2,
  IconBook2,
  IconBuildingBank,
  IconClockExclamation,
  IconCloudUpload,
  IconFileImport,
  IconFiles,
  IconFileText,
  IconHistory,
  IconLayoutDashboard,
  IconListNumbers,
  IconReceipt2,
  IconReceiptEuro,
  IconSend,
  IconSettings,
  IconTable,
  IconUsers,
  IconUsersPlus,
} from '@tabler/icons-react'
import { SECTIONS } from '#domain/vocabulary'

export interface Section {
  readonly to: string
  readonly label: string
  readonly icon: Icon
  /** Key of `badges` of `app.state`; amber when a person must act, grey when it is ready. */
  readonly badge?: {
    readonly of: 'nodeToReview' | 'deliveriesToReview' | 'toDecide' | 'reversaliReady' | 'pendingImports'
    readonly amber: boolean
    readonly words: string
  }
}

/** The menu, in the order of the road (SCREENS.md §2). Alt 1…9 follow this order. */
export const MENU: readonly { readonly group: string | null; readonly sections: readonly Section[] }[] = [
  { group: null, sections: [{ to: '/', label: SECTIONS.dashboard, icon: IconLayoutDashboard }] },
  {
    group: 'Emissione',
    sections: [
      {
        to: '/importa',
        label: SECTIONS.registerImport,
        icon: IconFileImport,
        badge: { of: 'pendingImports', amber: true, words: 'da confermare' },
      },
      { to: '/accertamenti', label: SECTIONS.accertamenti, icon: IconListNumbers },
      { to: '/posizioni', label: SECTIONS.debtPositions, icon: IconFiles },
      { to: '/avvisi', label: SECTIONS.notices, icon: IconFileText },
      {
        to: '/consegne',
        label: SECTIONS.deliveries,
        icon: IconSend,
        badge: { of: 'deliveriesToReview', amber: true, words: 'da rivedere' },
      },
      {
        to: '/nodo',
        label: SECTIONS.node,
        icon: IconCloudUpload,
        badge: { of: 'nodeToReview', amber: true, words: 'rifiutate o diverse' },
      },
    ],
  },
  {
    group: 'Incassi',
    sections: [
      { to: '/rendicontazioni', label: SECTIONS.reportingFlows, icon: IconArrowsSplit2 },
      { to: '/estratti-conto', label: SECTIONS.bankStatements, icon: IconBuildingBank },
      {
        to: '/riconciliazione',
        label: SECTIONS.reconciliation,
        icon: IconArrowsJoin2,
        badge: { of: 'toDecide', amber: true, words: 'da decidere' },
      },
      {
        to: '/reversali',
        label: SECTIONS.reversali,
        icon: IconReceiptEuro,
        badge: { of: 'reversaliReady', amber: false, words: 'pronte' },
      },
      { to: '/ricevute', label: SECTIONS.receipts, icon: IconReceipt2 },
    ],
  },
  {
    group: 'Archivio',
    sections: [
      { to: '/persone', label: SECTIONS.people, icon: IconUsers },
      { to: '/registri', label: SECTIONS.registers, icon: IconBook2 },
      { to: '/giornale', label: SECTIONS.journal, icon: IconHistory },
      { to: '/impostazioni', label: SECTIONS.settings, icon: IconSettings },
    ],
  },
]

export const ALL_SECTIONS = MENU.flatMap((g) => g.sections)

/** Pages below a section that the palette offers too. */
export const OTHER_PLACES: readonly Section[] = [
  { to: '/tariffe', label: SECTIONS.tariffs, icon: IconTable },
  { to: '/quote/genera', label: SECTIONS.quotas, icon: IconUsersPlus },
  { to: '/mora', label: SECTIONS.lateFees, icon: IconClockExclamation },
]

/** Alt 1…9: the nine sections of the daily road; the node works by itself and has no number. */
export const NUMBERED = ALL_SECTIONS.filter((section) => section.to !== '/nodo').slice(0, 9)
