import { Checkbox, Radio, SegmentedControl, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Id } from '#domain/brand'
import { FIELDS } from '#domain/vocabulary'
import { orpc } from '../../client.ts'
import { counted, formatCount, Money } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Card } from '../../components/Page.tsx'
import { CATEGORY_OPTIONS, type PositionRow } from '../positions/position-list.tsx'
import { type Audience, filterOf, lacksState, type Moment, type Purpose } from './campaign-form.ts'
import { ReminderWhom } from './ReminderWhom.tsx'

const STATES: readonly { readonly value: PositionRow['state']; readonly label: string }[] = [
  { value: 'issued', label: 'Da riscuotere' },
  { value: 'expired', label: 'Scadute' },
]

/** Zone 1: notices or reminders, and to whom. */
export function AudienceZone({
  audience,
  onChange,
  moment,
  chosenWords,
}: {
  readonly audience: Audience
  readonly onChange: (patch: Partial<Audience>) => void
  readonly moment: Moment
  /** What a list handed over, if anything. */
  readonly chosenWords: string | null
}) {
  const issuances = useQuery(
    orpc.issuance.list.queryOptions({ input: { filters: {}, search: '', sort: null, offset: 0, limit: 200 } }),
  )
  const byFilter = audience.from === 'filter'
  const reminder = audience.purpose === 'reminder'
  const chooses = !lacksState(audience)
  const found = useQuery(
    orpc.debtPosition.list.queryOptions({
      input: { filters: filterOf(audience, moment), search: '', sort: null, offset: 0, limit: 1 },
      enabled: byFilter && chooses,
    }),
  )
  return (
    <Card
      title="1 · A chi"
      grow
      label="1 · A chi"
      {...(byFilter
        ? {
            foot: (
              <span className="chosen-sum">
                <span>
                  <b className="strong">{formatCount(chooses ? (found.data?.count ?? 0) : 0)}</b> posizioni
                </span>
                <Money cents={chooses ? (found.data?.totals.cents ?? null) : null} euro strong />
              </span>
            ),
          }
        : {})}
    >
      <div className="zone-fields">
        <div>
          <SegmentedControl
            aria-label="Che cosa mandi"
            fullWidth
            value={audience.purpose}
            data={[
              { value: 'notice', label: 'Avvisi' },
              { value: 'reminder', label: 'Solleciti' },
            ]}
            onChange={(purpose) => onChange({ purpose: purpose as Purpose })}
          />
          <p className="field-note">
            {reminder
              ? 'Solo a chi non ha pagato, anche se l’avviso l’ha già avuto. Chi paga prima della partenza resta fuori.'
              : 'Ogni avviso va una volta sola a chi lo deve pagare.'}
          </p>
        </div>
        {chosenWords !== null && (
          <Radio.Group
            label="Quali avvisi"
            value={audience.from}
            onChange={(from) => onChange({ from: from as Audience['from'] })}
          >
            <div className="zone-checks">
              <Radio value="chosen" label={chosenWords} size="xs" />
              <Radio value="filter" label="Scegli con i filtri" size="xs" />
            </div>
          </Radio.Group>
        )}
        {byFilter && (
          <>
            <Select
              label="Lotto"
              value={audience.issuanceId === null ? '' : String(audience.issuanceId)}
              onChange={(value) => onChange({ issuanceId: value ? (Number(value) as Id<'issuance'>) : null })}
              data={[
                { value: '', label: `Tutti, esercizio ${moment.exercise}` },
                ...(issuances.data?.rows ?? []).map((i) => ({
                  value: String(i.id),
                  label: `${i.description} (${counted(i.positions.count, 'avviso', 'avvisi')})`,
                })),
              ]}
            />
            {reminder ? (
              <ReminderWhom audience={audience} moment={moment} onChange={(remind) => onChange({ remind })} />
            ) : (
              <Checkbox.Group
                label={FIELDS.state}
                error={audience.states.length === 0 ? 'Scegli almeno uno stato.' : null}
                value={[...audience.states]}
                onChange={(next) => onChange({ states: next as PositionRow['state'][] })}
              >
                <div className="zone-checks">
                  {STATES.map((s) => (
                    <Checkbox key={s.value} value={s.value} label={s.label} />
                  ))}
                </div>
              </Checkbox.Group>
            )}
            <Select
              label={FIELDS.category}
              value={audience.category ?? ''}
              onChange={(value) => onChange({ category: value ? (value as PositionRow['category']) : null })}
              data={[{ value: '', label: 'Tutte' }, ...CATEGORY_OPTIONS]}
            />
            {!reminder && (
              <Checkbox
                label="Solo chi non l’ha mai ricevuto"
                description="Senza nessuna consegna partita o in coda."
                checked={audience.onlyNever}
                onChange={(e) => onChange({ onlyNever: e.currentTarget.checked })}
              />
            )}
          </>
        )}
        <ErrorNote error={issuances.error ?? found.error} />
      </div>
    </Card>
  )
}
