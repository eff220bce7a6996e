import { Button, Checkbox, Select } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { type Cents, cents, formatCents, sum } from '#domain/money'
import { Money } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { AmountField } from '../../components/fields.tsx'
import { ActDialog, RowLine } from './ActDialog.tsx'
import {
  type Act,
  besides,
  type Counterpart,
  keyOfCounterpart,
  leftOf,
  lesser,
  payerOf,
  seenOn,
  type TableRow,
} from './board.ts'
import { useCounterparts } from './use-search.ts'

interface Part {
  readonly key: number
  readonly target: Counterpart | null
  readonly cents: Cents | null
}

/** Only counterparts that are one flow, one payment or one accertamento can be a part. */
function isPart({ act }: Counterpart): boolean {
  return (act.kind === 'match' || act.kind === 'assignRow') && act.targets.length === 1
}

/** «Dividi»: one row over several counterparts; the rest is written live and the act opens at 0,00. */
export function SplitDialog({
  row,
  decide,
  onClose,
}: {
  readonly row: TableRow
  readonly decide: (acts: Act[], reason: string) => Promise<unknown>
  readonly onClose: () => void
}) {
  const left = leftOf(row)
  const first = row.counterparts.find(isPart) ?? null
  const [parts, setParts] = useState<readonly Part[]>([
    { key: 0, target: first, cents: first ? lesser(left, first.cents) : null },
    { key: 1, target: null, cents: null },
  ])
  const [giveBack, setGiveBack] = useState(false)
  const rest = cents(left - sum(parts.map((p) => p.cents ?? cents(0))))
  const whole = parts.filter((p) => p.cents !== null && p.cents > 0)
  const keys = whole.map((p) => (p.target ? keyOfCounterpart(p.target) : ''))
  const payer = payerOf(row)
  const closed = rest === 0 || (giveBack && rest > 0 && payer !== null)
  const ready = closed && whole.length > 0 && !keys.includes('') && new Set(keys).size === keys.length
  const change = (key: number, patch: Partial<Part>) =>
    setParts(parts.map((p) => (p.key === key ? { ...p, ...patch } : p)))
  return (
    <ActDialog
      title={row.kind === 'flowRow' ? 'Dividi il pagamento' : 'Dividi l’accredito'}
      act={whole.length > 1 ? `Dividi in ${whole.length} parti` : 'Abbina'}
      disabled={!ready}
      size={780}
      onClose={onClose}
      onAct={async () => {
        const act = splitOf(row, whole, giveBack ? payer : null)
        if (act) await decide([act], '')
      }}
      left={
        <span role="status">
          Resto{' '}
          <span className={closed ? 't-ok' : 't-warn'}>
            <Money cents={rest} euro strong />
          </span>
          {giveBack && rest > 0 && ' da restituire'}
        </span>
      }
    >
      <RowLine row={row} />
      {parts.map((part, i) => (
        <div className="split-part" key={part.key}>
          <AmountField
            label={`Importo ${i + 1}`}
            cents={part.cents}
            onChange={(value) => change(part.key, { cents: value })}
            data-autofocus={i === 0 || undefined}
          />
          <Target
            row={row}
            label={`Controparte ${i + 1}`}
            value={part.target}
            onChange={(target) =>
              change(part.key, {
                target,
                ...(part.cents === null && target ? { cents: lesser(cents(Math.max(0, rest)), target.cents) } : {}),
              })
            }
          />
          <button
            type="button"
            className="icon-button"
            aria-label={`Togli la parte ${i + 1}`}
            disabled={parts.length === 1}
            onClick={() => setParts(parts.filter((p) => p.key !== part.key))}
          >
            <IconX size={16} stroke={1.7} aria-hidden />
          </button>
        </div>
      ))}
      <div className="split-foot">
        <Button
          leftSection={<IconPlus size={16} stroke={1.7} aria-hidden />}
          onClick={() =>
            setParts([...parts, { key: Math.max(...parts.map((p) => p.key)) + 1, target: null, cents: null }])
          }
        >
          Aggiungi una parte
        </Button>
        {payer !== null && (
          <Checkbox
            label="Il resto va in «somme da restituire» a chi ha pagato"
            checked={giveBack}
            onChange={(e) => setGiveBack(e.currentTarget.checked)}
          />
        )}
      </div>
    </ActDialog>
  )
}

function splitOf(row: TableRow, parts: readonly Part[], excessTo: ReturnType<typeof payerOf>): Act | null {
  const amount = (part: Part) => part.cents as Cents
  if (row.kind === 'credit') {
    const targets = parts.flatMap((part) =>
      part.target?.act.kind === 'match' ? part.target.act.targets.map((t) => ({ ...t, cents: amount(part) })) : [],
    )
    return { ...besides(row), kind: 'match', bankMovementId: row.bankMovementId, targets, excessTo }
  }
  if (row.kind !== 'flowRow') return null
  const targets = parts.flatMap((part) =>
    part.target?.act.kind === 'assignRow' ? part.target.act.targets.map((t) => ({ ...t, cents: amount(part) })) : [],
  )
  const { reportingFlowId, rowKey } = row
  return { ...seenOn(row), kind: 'assignRow', reportingFlowId, rowKey, targets, excessTo }
}

/** A counterpart with completion: the row's own first, then what the search finds. */
function Target({
  row,
  label,
  value,
  onChange,
}: {
  readonly row: TableRow
  readonly label: string
  readonly value: Counterpart | null
  readonly onChange: (counterpart: Counterpart | null) => void
}) {
  const [text, setText] = useState('')
  const found = useCounterparts(row, { text: value && text.startsWith(value.title) ? '' : text })
  const list = [...(value ? [value] : []), ...row.counterparts, ...(found.data ?? [])].filter(isPart)
  const all = new Map(list.map((c) => [keyOfCounterpart(c), c]))
  return (
    <div className="split-target">
      <Select
        label={label}
        placeholder="Flusso, IUV o persona"
        searchable
        clearable
        nothingFoundMessage="Nessuna controparte così"
        data={[...all].map(([key, c]) => ({ value: key, label: `${c.title} · ${formatCents(c.cents)}` }))}
        filter={({ options }) => options}
        value={value ? keyOfCounterpart(value) : null}
        onSearchChange={setText}
        onChange={(key) => onChange(key === null ? null : (all.get(key) ?? null))}
      />
      <ErrorNote error={found.error} />
    </div>
  )
}
