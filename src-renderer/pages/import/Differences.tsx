import { Button, SegmentedControl } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import type { Id } from '#domain/brand'
import { client } from '../../client.ts'
import { counted, formatCount, Mono } from '../../components/cells.tsx'
import { AllDone } from '../../components/EmptyState.tsx'
import { Card } from '../../components/Page.tsx'
import { ToneText } from '../../components/St.tsx'
import { sayFailure } from '../../components/toast.ts'
import { useKeys } from '../../keys.ts'
import { chosenIds } from '../../table/chosen-rows.ts'
import { type QColumn, useColumns } from '../../table/columns.ts'
import { useListState } from '../../table/list-state.ts'
import { QTable } from '../../table/QTable.tsx'
import { useSelection } from '../../table/selection.ts'

type Outputs = InferContractRouterOutputs<Contract>['registerImport']
type Row = Outputs['differences']['rows'][number]
type Field = Row['changes'][number]['field']
type Choice = Row['changes'][number]['choice']

const DIFFERENCE_FIELDS: Readonly<Record<Field, string>> = {
  name: 'Nome',
  category: 'Categoria',
  vatNumber: 'Partita IVA',
  email: 'E-mail',
  pec: 'PEC',
  phone: 'Telefono',
  address: 'Indirizzo',
  iban: 'IBAN',
  alboNumber: 'Numero albo e iscrizione',
  alboSection: 'Sezione',
}

const CHOICES = [
  { value: 'update', label: 'Aggiorna' },
  { value: 'keep', label: 'Lascia' },
]

/** Ids sent at once. */
const PEOPLE_AT_ONCE = 10_000

const COLUMNS: readonly QColumn<Row>[] = [
  { id: 'row', header: 'Riga', width: 52, align: 'right', sortable: false, cell: (r) => formatCount(r.row) },
  { id: 'name', header: 'Persona', width: 170, cell: (r) => r.name, title: (r) => r.name, sortable: false },
  { id: 'fiscalCode', header: 'Codice fiscale', width: 146, sortable: false, cell: (r) => <Mono>{r.fiscalCode}</Mono> },
  {
    id: 'changes',
    header: 'Com’è e come sarebbe',
    width: 260,
    flex: true,
    sortable: false,
    cell: (r) => <FirstChange row={r} />,
    title: (r) => r.changes.map((c) => `${DIFFERENCE_FIELDS[c.field]}: ${c.old ?? 'niente'} → ${c.new}`).join('\n'),
  },
  { id: 'choice', header: 'Scelta', width: 134, sortable: false, cell: (r) => <Chosen row={r} /> },
]

/** What the file says otherwise of people already known, shown before anything is changed; each is chosen. */
export function Differences({ summary }: { readonly summary: Outputs['get'] }) {
  const list = useListState()
  const columns = useColumns('importa-persone', COLUMNS)
  const selection = useSelection()
  const [cursor, setCursor] = useState<Row>()
  const choose = (personIds: readonly Id<'person'>[], fields: readonly Field[], choice: Choice) =>
    client.registerImport
      .setDifferences({ id: summary.id, personIds: [...personIds], fields: [...fields], choice })
      .then(() => selection.clear(), sayFailure)
  const { differences } = summary
  const filters = { importId: summary.id }
  /** The ticked people, or the one under the cursor; in pieces, because «tutte» may be many. */
  const act = async (choice: Choice) => {
    const ticked = selection.count(differences.people) > 0
    if (!ticked && cursor === undefined) return
    const ids = !ticked
      ? [cursor?.personId as number]
      : await chosenIds(
          selection,
          (paging) => client.registerImport.differences({ filters, ...paging }),
          (r) => r.personId,
        )
    for (let from = 0; from < ids.length; from += PEOPLE_AT_ONCE) {
      await choose(ids.slice(from, from + PEOPLE_AT_ONCE) as Id<'person'>[], [], choice)
    }
  }
  useKeys([
    { keys: ['ArrowUp', 'ArrowDown'], label: 'scorri' },
    { keys: 'A', label: 'aggiorna', run: () => void act('update').catch(sayFailure) },
    { keys: 'L', label: 'lascia com’è', run: () => void act('keep').catch(sayFailure) },
  ])
  return (
    <>
      <div className="import-left">
        <QTable<Row, Outputs['differences']['totals']>
          label="Persone da aggiornare"
          columns={columns}
          list={list}
          selection={selection}
          queryKey={['registerImport.differences', filters, differences]}
          fetchPage={(paging, signal) => client.registerImport.differences({ filters, ...paging }, { signal })}
          rowId={(r) => r.personId}
          rowName={(r) => r.name}
          onCursor={setCursor}
          bulk={
            <>
              <Button onClick={() => void act('update').catch(sayFailure)}>Aggiorna</Button>
              <Button onClick={() => void act('keep').catch(sayFailure)}>Lascia com’è</Button>
            </>
          }
          foot={(count, totals) => ({
            left: (
              <span>
                <b>{formatCount(count)}</b> {count === 1 ? 'persona' : 'persone'}
              </span>
            ),
            right: (
              <span>
                <b>{formatCount(totals.update)}</b> {totals.update === 1 ? 'dato si aggiorna' : 'dati si aggiornano'},{' '}
                <b>{formatCount(totals.keep)}</b> {totals.keep === 1 ? 'resta com’è' : 'restano come sono'}
              </span>
            ),
          })}
          empty={
            <AllDone title="Nessuna persona da aggiornare" text="Il file dice di loro ciò che è già in archivio." />
          }
        />
      </div>
      <div className="import-left differences-side">
        <Card title="Tutte le persone" label="Scelte per tipo di dato" about="vale per ogni persona">
          <table className="plain">
            <tbody>
              {differences.fields.map((f) => (
                <tr key={f.field}>
                  <td>{DIFFERENCE_FIELDS[f.field]}</td>
                  <td className="right muted">{formatCount(f.update + f.keep)}</td>
                  <td className="right">
                    <ChoiceOf
                      label={DIFFERENCE_FIELDS[f.field]}
                      value={f.keep === 0 ? 'update' : f.update === 0 ? 'keep' : null}
                      onChange={(choice) => void choose([], [f.field], choice)}
                    />
                  </td>
                </tr>
              ))}
              {differences.fields.length > 1 && (
                <tr>
                  <td className="strong">Tutto</td>
                  <td className="right muted">{formatCount(differences.update + differences.keep)}</td>
                  <td className="right">
                    <ChoiceOf
                      label="Tutto"
                      value={differences.keep === 0 ? 'update' : differences.update === 0 ? 'keep' : null}
                      onChange={(choice) => void choose([], [], choice)}
                    />
                  </td>
                </tr>
              )}
            </tbody>
          </table>
        </Card>
        {cursor && (
          <Card title={cursor.name} label="Persona scelta" about={`riga ${formatCount(cursor.row)}`} grow>
            {cursor.changes.map((c) => (
              <div key={c.field} className="difference">
                <div className="difference-head">
                  <b className="strong">{DIFFERENCE_FIELDS[c.field]}</b>
                  <ChoiceOf
                    label={`${DIFFERENCE_FIELDS[c.field]} di ${cursor.name}`}
                    value={c.choice}
                    onChange={(choice) => void choose([cursor.personId], [c.field], choice)}
                  />
                </div>
                <p className={c.choice === 'update' ? 'gone' : ''}>{c.old ?? <span className="muted">niente</span>}</p>
                <p className={c.choice === 'update' ? 'strong' : 'muted'}>→ {c.new}</p>
              </div>
            ))}
          </Card>
        )}
      </div>
    </>
  )
}

function ChoiceOf({
  label,
  value,
  onChange,
}: {
  readonly label: string
  /** Null where some are updated and some are kept. */
  readonly value: Choice | null
  readonly onChange: (choice: Choice) => void
}) {
  return (
    <SegmentedControl
      aria-label={label}
      data={CHOICES}
      value={value ?? ''}
      onChange={(choice) => onChange(choice as Choice)}
    />
  )
}

function FirstChange({ row }: { readonly row: Row }) {
  const [first, ...others] = row.changes
  if (first === undefined) return null
  return (
    <>
      <span className="muted">{DIFFERENCE_FIELDS[first.field]}</span>{' '}
      {first.old !== null && <s className="muted">{first.old}</s>} {first.new}
      {others.length > 0 && <span className="muted"> e {counted(others.length, 'altro dato', 'altri dati')}</span>}
    </>
  )
}

function Chosen({ row }: { readonly row: Row }) {
  const update = row.changes.filter((c) => c.choice === 'update').length
  if (update === 0) return <ToneText tone="neu">Lascia com’è</ToneText>
  if (update === row.changes.length) return <ToneText tone="info">Aggiorna</ToneText>
  return <ToneText tone="info">{`Aggiorna ${update} su ${row.changes.length}`}</ToneText>
}
