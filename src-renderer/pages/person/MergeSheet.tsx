import { Button, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { CATEGORIES, CONTACT_KINDS, PERSON_FIELDS } from '#domain/vocabulary'
import { client, orpc } from '../../client.ts'
import { counted, Money, Mono } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Sheet } from '../../components/Sheet.tsx'
import { say } from '../../components/toast.ts'
import type { Candidate, PersonId } from './card.ts'

type Side = 'first' | 'second'
type Keep = Parameters<typeof client.person.merge>[0]['keep']
type Field = keyof Keep

const CONTACTS = ['email', 'pec', 'address', 'phone', 'iban'] as const

/** Two people side by side: which card stays, and field by field which data. */
export function MergeSheet({
  firstId,
  secondId,
  onClose,
  onMerged,
}: {
  readonly firstId: PersonId
  readonly secondId: PersonId
  readonly onClose: () => void
  readonly onMerged: (id: PersonId) => void
}) {
  const { data, error } = useQuery(orpc.person.compare.queryOptions({ input: { firstId, secondId } }))
  const [survivor, setSurvivor] = useState<Side | null>(null)
  const [chosen, setChosen] = useState<Partial<Record<Field, Side>>>({})
  const [failure, setFailure] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  if (!data) {
    return (
      <Sheet opened onClose={onClose} title="Unisci due persone" size={820}>
        <ErrorNote error={error} />
      </Sheet>
    )
  }
  const stays = survivor ?? (data.second.accertamenti > data.first.accertamenti ? 'second' : 'first')
  const side = (field: Field): Side => chosen[field] ?? betterSide(field, data.first, data.second, stays)
  const act = async (work: () => Promise<unknown>) => {
    setBusy(true)
    setFailure(null)
    try {
      await work()
    } catch (problem) {
      setFailure(problem)
    } finally {
      setBusy(false)
    }
  }
  const merge = () =>
    act(async () => {
      const fields: readonly Field[] = ['name', 'fiscalCode', 'vatNumber', 'category', ...CONTACTS]
      const keep = Object.fromEntries(fields.map((f) => [f, side(f) === stays ? 'survivor' : 'other'])) as Keep
      const [kept, other] = stays === 'first' ? [firstId, secondId] : [secondId, firstId]
      const { id } = await client.person.merge({ survivorId: kept, otherId: other, keep })
      say('Unite. Dalla scheda si possono separare.')
      onMerged(id)
    })
  const row = (field: Field, label: string, show: (one: Candidate) => ReactNode, text: (one: Candidate) => string) => {
    const same = text(data.first) === text(data.second)
    if (same && text(data.first) === '') return null
    return (
      <tr key={field}>
        <th scope="row">{label}</th>
        {(['first', 'second'] as const).map((which) => (
          <td key={which} className={same || side(field) === which ? 'kept' : 'dropped'}>
            {same ? (
              <Shown text={text(data[which])}>{show(data[which])}</Shown>
            ) : (
              <label>
                <input
                  type="radio"
                  name={field}
                  checked={side(field) === which}
                  onChange={() => setChosen({ ...chosen, [field]: which })}
                />
                <Shown text={text(data[which])}>{show(data[which])}</Shown>
              </label>
            )}
          </td>
        ))}
      </tr>
    )
  }
  const field = (key: 'name' | 'fiscalCode' | 'vatNumber' | 'category') => (one: Candidate) =>
    key === 'category' ? CATEGORIES[one.person.category] : (one.person[key] ?? '')
  return (
    <Sheet opened onClose={onClose} title="Unisci due persone" size={820}>
      {data.words !== '' && <p className="ink2">Si somigliano: {data.words}.</p>}
      <div className="merge-stays">
        <span>Resta la scheda</span>
        <SegmentedControl
          aria-label="Quale scheda resta"
          size="xs"
          value={stays}
          onChange={(value) => setSurvivor(value as Side)}
          data={[
            { value: 'first', label: 'di sinistra' },
            { value: 'second', label: 'di destra' },
          ]}
        />
      </div>
      <table className="plain merge-table">
        <thead>
          <tr>
            <th>Dato</th>
            <th>{stays === 'first' ? 'Sinistra, resta' : 'Sinistra'}</th>
            <th>{stays === 'second' ? 'Destra, resta' : 'Destra'}</th>
          </tr>
        </thead>
        <tbody>
          {row('name', PERSON_FIELDS.name, (one) => one.person.name, field('name'))}
          {row(
            'fiscalCode',
            PERSON_FIELDS.fiscalCode,
            (one) => (
              <Mono>{one.person.fiscalCode}</Mono>
            ),
            field('fiscalCode'),
          )}
          {row(
            'vatNumber',
            PERSON_FIELDS.vatNumber,
            (one) => (
              <Mono>{one.person.vatNumber}</Mono>
            ),
            field('vatNumber'),
          )}
          {row('category', PERSON_FIELDS.category, field('category'), field('category'))}
          {CONTACTS.map((kind) => row(kind, CONTACT_KINDS[kind], contactOf(kind), contactOf(kind)))}
          <tr>
            <th scope="row">Albo</th>
            <td>{alboOf(data.first)}</td>
            <td>{alboOf(data.second)}</td>
          </tr>
          <tr>
            <th scope="row">Dovuti</th>
            <td>
              {counted(data.first.accertamenti, 'accertamento', 'accertamenti')}, da pagare{' '}
              <Money cents={data.first.person.outstandingCents} euro />
            </td>
            <td>
              {counted(data.second.accertamenti, 'accertamento', 'accertamenti')}, da pagare{' '}
              <Money cents={data.second.person.outstandingCents} euro />
            </td>
          </tr>
        </tbody>
      </table>
      <p className="muted small">
        Accertamenti, posizioni e avvisi restano come sono e si vedono tutti in una scheda sola. Non si perde niente:
        «Separa», nella scheda, li rimette com’erano.
      </p>
      <ErrorNote error={failure} />
      <div className="person-foot">
        <Button
          disabled={busy}
          onClick={() =>
            void act(async () => {
              await client.person.distinct({ firstId, secondId })
              say('Non saranno più proposte come doppione.')
              onClose()
            })
          }
        >
          Sono due persone diverse
        </Button>
        <Button variant="filled" loading={busy} onClick={() => void merge()}>
          Unisci in una scheda
        </Button>
      </div>
    </Sheet>
  )
}

function Shown({ text, children }: { readonly text: string; readonly children: ReactNode }) {
  return text === '' ? <span className="muted">manca</span> : <span>{children}</span>
}

function contactOf(kind: (typeof CONTACTS)[number]) {
  return (one: Candidate): string =>
    one.contacts
      .filter((c) => c.kind === kind && c.validTo === null)
      .map((c) => c.value)
      .join(', ')
}

function alboOf(one: Candidate): string {
  const [entry] = one.albo
  return entry === undefined ? 'nessuna iscrizione' : `${entry.albo} n. ${entry.number}, ${entry.status}`
}

/** The side that has it; where both do, the card that stays, but a fiscal code that is right before one that is not. */
function betterSide(field: Field, first: Candidate, second: Candidate, stays: Side): Side {
  const text = (one: Candidate) =>
    (CONTACTS as readonly string[]).includes(field)
      ? contactOf(field as (typeof CONTACTS)[number])(one)
      : String(one.person[field as 'name'] ?? '')
  if (text(first) === '') return text(second) === '' ? stays : 'second'
  return text(second) === '' ? 'first' : stays
}
