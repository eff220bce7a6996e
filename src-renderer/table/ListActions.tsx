import { Button, Menu } from '@mantine/core'
import { IconDownload, IconPrinter } from '@tabler/icons-react'
import { useState } from 'react'
import type { FileResult } from '#contract/values'
import { printFile, saveFile } from '../components/files.ts'
import { sayFailure } from '../components/toast.ts'
import { useKeys } from '../keys.ts'

export interface ExportRequest {
  readonly format: 'xlsx' | 'csv' | 'pdf'
  readonly title: string
  readonly filtersInWords: string
  readonly columns: { readonly key: string; readonly heading: string }[]
}

/** «Esporta» (xlsx, CSV; Ctrl E) and «Stampa» (Ctrl P): exactly these columns, order, filter and sort. */
export function ListActions({
  columns,
  title,
  filters,
  run,
  disabled = false,
}: {
  readonly columns: { readonly visible: readonly { id: string; header: string; action?: boolean }[] }
  readonly title: string
  /** Filters in words. */
  readonly filters: string
  readonly run: (request: ExportRequest) => Promise<FileResult>
  readonly disabled?: boolean
}) {
  const [opened, setOpened] = useState(false)
  const [busy, setBusy] = useState<'export' | 'print' | null>(null)
  const make = async (format: ExportRequest['format']) => {
    if (disabled || busy) return
    setBusy(format === 'pdf' ? 'print' : 'export')
    try {
      const file = await run({
        format,
        title,
        filtersInWords: filters,
        columns: columns.visible.filter((c) => !c.action).map((c) => ({ key: c.id, heading: c.header })),
      })
      await (format === 'pdf' ? printFile(file) : saveFile(file))
    } catch (error) {
      sayFailure(error)
    } finally {
      setBusy(null)
    }
  }
  useKeys([
    { keys: 'Ctrl+P', label: 'stampa', run: () => void make('pdf') },
    { keys: 'Ctrl+E', label: 'esporta', run: () => setOpened(true) },
  ])
  return (
    <>
      <Menu opened={opened} onChange={setOpened} position="bottom-end" transitionProps={{ duration: 0 }}>
        <Menu.Target>
          <Button
            leftSection={<IconDownload size={16} stroke={1.7} aria-hidden />}
            loading={busy === 'export'}
            disabled={disabled}
          >
            Esporta
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => void make('xlsx')}>Cartella di Excel (xlsx)</Menu.Item>
          <Menu.Item onClick={() => void make('csv')}>Testo separato (CSV)</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Button
        leftSection={<IconPrinter size={16} stroke={1.7} aria-hidden />}
        loading={busy === 'print'}
        disabled={disabled}
        onClick={() => void make('pdf')}
      >
        Stampa
      </Button>
    </>
  )
}
