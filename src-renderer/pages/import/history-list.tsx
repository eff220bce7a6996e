import type { InferContractRouterOutputs } from '@orpc/contract'
import type { Contract } from '#contract/contract'
import { FIELDS, stateWord } from '#domain/vocabulary'
import { formatCount, Money, TimeText } from '../../components/cells.tsx'
import { St } from '../../components/St.tsx'
import type { QColumn } from '../../table/columns.ts'

export type ImportRow = InferContractRouterOutputs<Contract>['registerImport']['history']['rows'][number]

/** Columns of «Storico»; their names are those of the export. */
export function historyColumns(profileName: (profile: string) => string): readonly QColumn<ImportRow>[] {
  return [
    { id: 'at', header: 'Quando', width: 104, cell: (r) => <TimeText at={r.at} /> },
    {
      id: 'fileName',
      header: 'File',
      width: 180,
      flex: true,
      cell: (r) => r.fileName,
      title: (r) => r.fileName,
    },
    { id: 'operator', header: 'Operatore', width: 100, cell: (r) => r.operator, title: (r) => r.operator },
    {
      id: 'profile',
      header: 'Profilo',
      width: 150,
      hidden: 'wide',
      cell: (r) => profileName(r.profile),
      title: (r) => profileName(r.profile),
    },
    {
      id: 'state',
      header: FIELDS.state,
      width: 134,
      cell: (r) => <St family="registerImport" code={r.state} />,
      title: (r) => stateWord('registerImport', r.state).word,
    },
    { id: 'rows', header: 'Righe', width: 66, align: 'right', cell: (r) => formatCount(r.rows) },
    { id: 'rowsOut', header: 'Fuori', width: 64, align: 'right', cell: (r) => formatCount(r.rowsOut) },
    {
      id: 'accertamenti',
      header: 'Accertamenti',
      width: 96,
      align: 'right',
      cell: (r) => formatCount(r.accertamenti.count),
    },
    {
      id: 'cents',
      header: 'Importo €',
      width: 96,
      align: 'right',
      cell: (r) => <Money cents={r.accertamenti.cents} />,
    },
    {
      id: 'people',
      header: 'Persone create',
      width: 104,
      align: 'right',
      hidden: 'wide',
      cell: (r) => formatCount(r.created.people),
    },
    {
      id: 'contacts',
      header: 'Recapiti',
      width: 78,
      align: 'right',
      hidden: 'wide',
      cell: (r) => formatCount(r.created.contacts),
    },
    {
      id: 'sha256',
      header: 'Impronta del file',
      width: 150,
      hidden: true,
      cell: (r) => <span className="mono cut">{r.sha256}</span>,
      title: (r) => r.sha256,
    },
  ]
}
