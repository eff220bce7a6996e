import { Button, Modal } from '@mantine/core'
import { IconDownload, IconFolderDown, IconPrinter } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Id } from '#domain/brand'
import { client, orpc } from '../../client.ts'
import { counted, formatCount, Money, Mono } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { FolderPicker } from '../../components/FolderPicker.tsx'
import { ScrollBox } from '../../components/ScrollBox.tsx'
import { savePdf, showPdf } from './pdf.ts'
import { printQuietanze } from './print-papers.ts'
import { saveQuietanze } from './save-quietanze.ts'

/** The quietanze of a reversale: each one printed or saved, or all of them into a folder. */
export function QuietanzeDialog({
  id,
  exercise,
  number,
  onClose,
}: {
  readonly id: Id<'reversale'>
  readonly exercise: number
  readonly number: number
  readonly onClose: () => void
}) {
  const [picking, setPicking] = useState(false)
  const filters = { exercise, reversaleId: id, personId: null }
  const list = useQuery(orpc.quietanza.list.queryOptions({ input: { filters, limit: 500 } }))
  const count = list.data?.count ?? 0
  return (
    <>
      <Modal
        opened={!picking}
        onClose={onClose}
        size={760}
        title={`${counted(count, 'quietanza', 'quietanze')} della reversale ${formatCount(number)}/${exercise}`}
        closeButtonProps={{ 'aria-label': 'Chiudi' }}
      >
        <ErrorNote error={list.error} />
        <ScrollBox className="outcome-list" label="Quietanze">
          <table className="plain">
            <thead>
              <tr>
                <th>Numero</th>
                <th>Debitore</th>
                <th>IUV</th>
                <th className="right">Importo €</th>
                <th>
                  <span className="visually-hidden">Azioni</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {list.data?.rows.map((q) => (
                <tr key={q.id} className={q.annulled ? 'struck' : ''}>
                  <td className="nowrap">{q.number}</td>
                  <td>{q.personName}</td>
                  <td>
                    <Mono>{q.iuv}</Mono>
                  </td>
                  <td className="right">
                    <Money cents={q.cents} />
                  </td>
                  <td className="row-actions">
                    <button
                      type="button"
                      className="icon-button"
                      aria-label={`Stampa la quietanza ${q.number}`}
                      title="Stampa"
                      onClick={() => showPdf(() => client.quietanza.pdf({ id: q.id }), `quietanza-${q.number}`)}
                    >
                      <IconPrinter size={16} stroke={1.7} aria-hidden />
                    </button>
                    <button
                      type="button"
                      className="icon-button"
                      aria-label={`Salva la quietanza ${q.number}`}
                      title="Salva PDF"
                      onClick={() => savePdf(() => client.quietanza.pdf({ id: q.id }), `quietanza-${q.number}`)}
                    >
                      <IconDownload size={16} stroke={1.7} aria-hidden />
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
        <div className="dialog-foot inset">
          <span />
          <Button onClick={onClose} data-autofocus>
            Torna all’elenco
          </Button>
          <Button
            disabled={count === 0}
            leftSection={<IconPrinter size={16} stroke={1.7} aria-hidden />}
            onClick={() => {
              printQuietanze({ filters })
              onClose()
            }}
          >
            {count === 1 ? 'Stampa' : 'Stampa tutte'}
          </Button>
          <Button
            variant="filled"
            disabled={count === 0}
            leftSection={<IconFolderDown size={16} stroke={1.7} aria-hidden />}
            onClick={() => setPicking(true)}
          >
            {count === 1 ? 'Salva in una cartella…' : 'Salva tutte le quietanze…'}
          </Button>
        </div>
      </Modal>
      <FolderPicker
        opened={picking}
        onClose={() => setPicking(false)}
        act={`Salva ${counted(count, 'quietanza', 'quietanze')} qui`}
        onPick={(folder) => {
          saveQuietanze(filters, folder.token, folder.place)
          onClose()
        }}
      />
    </>
  )
}
