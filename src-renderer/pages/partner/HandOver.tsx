import { Checkbox } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ENVIRONMENTS } from '#domain/vocabulary'
import { orpc } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { counted, formatCount, Money } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { ProblemNotes } from '../../components/ProblemNotes.tsx'
import { LeftOut } from '../positions/LeftOut.tsx'
import type { PositionSelection } from '../positions/position-list.tsx'
import { FormatField, lastFormat } from './FormatField.tsx'
import { handOver } from './partner-work.ts'

/** «File per il partner…»: which positions become his, in which form, and what that means. */
export function HandOver({
  selection,
  onClose,
  onDone,
}: {
  readonly selection: PositionSelection
  readonly onClose: () => void
  readonly onDone: () => void
}) {
  const [format, setFormat] = useState(lastFormat)
  const [alsoPublished, setAlsoPublished] = useState(false)
  const { data, error } = useQuery({
    ...orpc.partner.preview.queryOptions({ input: { selection, alsoPublished } }),
    staleTime: 0,
    placeholderData: keepPreviousData,
  })
  const count = data?.count ?? 0
  const title = `Affida ${counted(count, 'posizione', 'posizioni')} al partner`
  const errors = data?.problems.filter((one) => one.severity === 'error') ?? []
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={title}
      subtitle="Un file per il partner tecnologico: le carica lui su pagoPA. Da qui non si pubblicano più; ciò che cambia va in un altro file."
      act={`Fai il file di ${counted(count, 'posizione', 'posizioni')}`}
      leave="Lascia"
      disabled={data === undefined || count === 0 || errors.length > 0}
      {...(count > 0 || data === undefined ? {} : { note: 'Niente da affidare.' })}
      onConfirm={async () => {
        if (data !== undefined) handOver(data, { selection, alsoPublished, format }, onDone)
      }}
    >
      <ErrorNote error={error} />
      {data && (
        <>
          <p className="partner-sum">
            <b>{formatCount(count)}</b> {count === 1 ? 'posizione' : 'posizioni'} per{' '}
            <Money cents={data.cents} euro strong />
            <span className="ink2"> · {ENVIRONMENTS[data.environment].name}</span>
          </p>
          <FormatField value={format} onChange={setFormat} />
          {data.published > 0 && (
            <Checkbox
              size="xs"
              label={`Anche ${data.published === 1 ? 'quella pubblicata' : `le ${formatCount(data.published)} pubblicate`} da qui: il nodo le ha già, il partner potrebbe rifiutarle`}
              checked={alsoPublished}
              onChange={(e) => setAlsoPublished(e.currentTarget.checked)}
            />
          )}
          <LeftOut reasons={data.leftOut} />
          <ProblemNotes problems={alsoPublished ? data.problems : errors} />
        </>
      )}
    </ConfirmDialog>
  )
}
