import { Checkbox, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { COLLECTION_REASONS } from '#domain/taxonomy'
import { orpc } from '../../client.ts'
import { DateText, formatCount, Mono } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { ScrollBox } from '../../components/ScrollBox.tsx'
import { St } from '../../components/St.tsx'

const SHOWN = 100

/** The codes of the taxonomy, looked for by code, service or description; with `onPick` one of them is chosen. */
export function TaxonomyCodes({ onPick }: { readonly onPick?: (code: string) => void }) {
  const [text, setText] = useState('')
  const [ordersOnly, setOrdersOnly] = useState(true)
  const [asked] = useDebouncedValue(text, 120)
  const { data, error } = useQuery({
    ...orpc.taxonomy.search.queryOptions({ input: { text: asked, ordersOnly, limit: SHOWN } }),
    placeholderData: keepPreviousData,
  })
  return (
    <>
      <div className="taxonomy-search">
        <TextInput
          aria-label="Cerca un codice"
          placeholder="Codice, servizio, descrizione"
          leftSection={<IconSearch size={15} stroke={1.7} aria-hidden />}
          value={text}
          onChange={(e) => setText(e.currentTarget.value)}
          {...(onPick ? { 'data-autofocus': true } : {})}
        />
        <Checkbox
          size="xs"
          label="Solo ordini professionali"
          checked={ordersOnly}
          onChange={(e) => setOrdersOnly(e.currentTarget.checked)}
        />
        <span className="muted small" aria-live="polite">
          {data === undefined
            ? ''
            : data.count > data.rows.length
              ? `${formatCount(data.count)} codici, i primi ${data.rows.length}: scrivi di più per restringere`
              : `${formatCount(data.count)} ${data.count === 1 ? 'codice' : 'codici'}`}
        </span>
      </div>
      <ErrorNote error={error} />
      <ScrollBox className="taxonomy-codes" label="Codici di tassonomia">
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">Codice</th>
              <th scope="col">Servizio</th>
              <th scope="col">Motivo</th>
              {!ordersOnly && <th scope="col">Tipo di ente</th>}
              <th scope="col">Valido fino al</th>
              <th scope="col">Stato</th>
            </tr>
          </thead>
          <tbody>
            {(data?.rows ?? []).map((row) => (
              <tr key={row.code} className={row.state === 'valid' ? '' : 'ink2'}>
                <td className="nowrap">
                  {onPick ? (
                    <button type="button" className="link mono" onClick={() => onPick(row.code)}>
                      {row.code}
                    </button>
                  ) : (
                    <Mono>{row.code}</Mono>
                  )}
                </td>
                <td className="cut" title={row.description}>
                  {row.serviceName}
                </td>
                <td>{COLLECTION_REASONS[row.reason]}</td>
                {!ordersOnly && (
                  <td className="cut" title={row.creditorTypeName}>
                    {row.creditorTypeName}
                  </td>
                )}
                <td>
                  {row.validTo >= '2080' ? <span className="muted">senza fine</span> : <DateText date={row.validTo} />}
                </td>
                <td>
                  <St family="taxonomy" code={row.state} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {data?.count === 0 && (
          <p className="muted card-body">
            Nessun codice così{ordersOnly ? ' fra quelli degli ordini professionali' : ''}.
          </p>
        )}
      </ScrollBox>
    </>
  )
}
