import { Button, Menu } from '@mantine/core'
import { IconListDetails } from '@tabler/icons-react'
import { useState } from 'react'
import type { Id } from '#domain/brand'
import { client } from '../../client.ts'
import { printFile, saveFile } from '../../components/files.ts'
import { sayFailure } from '../../components/toast.ts'

/** What is written of each notice, in this order. */
const COLUMNS = [
  { key: 'personName', heading: 'Debitore' },
  { key: 'fiscalCode', heading: 'Codice fiscale' },
  { key: 'noticeNumber', heading: 'Numero avviso' },
  { key: 'causale', heading: 'Causale' },
  { key: 'dueDate', heading: 'Scadenza' },
  { key: 'installments', heading: 'Rate' },
  { key: 'state', heading: 'Stato' },
  { key: 'cents', heading: 'Importo €' },
]

/** «Elenco del lotto…»: all notices of one issuing on paper or in a sheet, whatever is filtered on the page. */
export function BatchList({
  batch,
}: {
  readonly batch: { readonly id: Id<'issuance'>; readonly description: string } | undefined
}) {
  const [busy, setBusy] = useState(false)
  const make = async (format: 'pdf' | 'xlsx' | 'csv') => {
    if (!batch) return
    setBusy(true)
    try {
      const file = await client.debtPosition.export({
        filters: { issuanceId: batch.id },
        sort: { column: 'personName', direction: 'asc' },
        format,
        title: `Elenco del lotto «${batch.description}»`.slice(0, 120),
        columns: COLUMNS,
      })
      await (format === 'pdf' ? printFile(file) : saveFile(file))
    } catch (error) {
      sayFailure(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Menu
      position="bottom-end"
      transitionProps={{ duration: 0 }}
      withinPortal={false}
      withInitialFocusPlaceholder={false}
    >
      <Menu.Target>
        <Button
          leftSection={<IconListDetails size={16} stroke={1.7} aria-hidden />}
          disabled={!batch}
          loading={busy}
          title={batch ? undefined : 'Scegli prima un lotto'}
        >
          Elenco del lotto…
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void make('pdf')}>Stampa (PDF)</Menu.Item>
        <Menu.Item onClick={() => void make('xlsx')}>Cartella di Excel (xlsx)</Menu.Item>
        <Menu.Item onClick={() => void make('csv')}>Testo separato (CSV)</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
