import { Button, Select } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { type Cents, cents, formatCents, sum } from '#domain/money'
import { client } from '../../client.ts'
import { Money } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { AmountField } from '../../components/fields.tsx'
import { type BoardRow, type Candidate, lesser } from './board.ts'
import { ActDialog, CreditLine } from './RowDialogs.tsx'
import { useCounterparts } from './use-search.ts'

interface Part {
  readonly key: number
  readonly target: Candidate | null
  readonly cents: Cents | null
}

const keyOf = (c: Candidate) => `${c.target.kind}-${c.target.id}`

/** «Dividi»: one credit over several counterparts; the rest is written live and the act opens at 0,00. */
export function SplitDialog({
  row,
  onClose,
  onDone,
}: {
  readonly row: BoardRow
  readonly onClose: () => void
  readonly onDone: () => void
}) {
  const first = row.candidates[0] ?? null
  const [parts, setParts] = useState<readonly Part[]>([
    { key: 0, target: first, cents: first ? lesser(row.leftCents, first.cents) : null },
    { key: 1, target: null, cents: null },
  ])
  const rest = cents(row.leftCents - sum(parts.map((p) => p.cents ?? cents(0))))
  const whole = parts.filter((p) => p.cents !== null && p.cents > 0)
  const targets = whole.map((p) => (p.target ? keyOf(p.target) : ''))
  const ready = rest === 0 && whole.length > 0 && !targets.includes('') && new Set(targets).size === targets.length
  const change = (key: number, patch: Partial<Part>) =>
    setParts(parts.map((p) => (p.key === key ? { ...p, ...patch } : p)))
  return (
    <ActDialog
      title="Dividi l’accredito"
      act={whole.length > 1 ? `Dividi in ${whole.length} parti` : 'Abbina'}
      disabled={!ready}
      size={780}
      onClose={onClose}
      onAct={async () => {
        await client.reconciliation.match({
          bankMovementId: row.bankMovementId,
          targets: whole.flatMap((p) => (p.target ? [{ ...p.target.target, cents: p.cents as Cents }] : [])),
          reason: '',
        })
        onDone()
      }}
      left={
        <span role="status">
          Resto{' '}
          <span className={rest === 0 ? 't-ok' : 't-warn'}>
            <Money cents={rest} euro strong />
          </span>
        </span>
      }
    >
      <CreditLine row={row} />
      {parts.map((part, i) => (
        <div className="split-part" key={part.key}>
          <AmountField
            label={`Importo ${i + 1}`}
            cents={part.cents}
            onChange={(value) => change(part.key, { cents: value })}
          />
          <Counterpart
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
      <div>
        <Button
          leftSection={<IconPlus size={16} stroke={1.7} aria-hidden />}
          onClick={() =>
            setParts([...parts, { key: Math.max(...parts.map((p) => p.key)) + 1, target: null, cents: null }])
          }
        >
          Aggiungi una parte
        </Button>
      </div>
    </ActDialog>
  )
}

/** A counterpart with completion: the candidates first, then what the search finds. */
function Counterpart({
  row,
  label,
  value,
  onChange,
}: {
  readonly row: BoardRow
  readonly label: string
  readonly value: Candidate | null
  readonly onChange: (candidate: Candidate | null) => void
}) {
  const [text, setText] = useState('')
  const found = useCounterparts(row, value && text.startsWith(value.title) ? '' : text, null)
  const all = new Map([...(value ? [value] : []), ...row.candidates, ...(found.data ?? [])].map((c) => [keyOf(c), c]))
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
        value={value ? keyOf(value) : null}
        onSearchChange={setText}
        onChange={(key) => onChange(key === null ? null : (all.get(key) ?? null))}
      />
      <ErrorNote error={found.error} />
    </div>
  )
}
