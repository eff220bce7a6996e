import { Checkbox, TextInput } from '@mantine/core'
import { type KeyboardEvent, useState } from 'react'
import type { IsoDate } from '#domain/date'
import { type Cents, cents, sum } from '#domain/money'
import { counted, DateText, Money } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { AmountField, DateField } from '../../components/fields.tsx'
import { ScrollBox } from '../../components/ScrollBox.tsx'
import { ActDialog, RowLine } from './ActDialog.tsx'
import { type Act, actOf, type Counterpart, isMono, keyOfCounterpart, leftOf, payerOf, type TableRow } from './board.ts'
import { useCounterparts } from './use-search.ts'

/** «Cerca altro»: find and match. The sum of the ticked ones is written against the row. */
export function SearchDialog({
  row,
  decide,
  onClose,
}: {
  readonly row: TableRow
  readonly decide: (acts: Act[], reason: string) => Promise<unknown>
  readonly onClose: () => void
}) {
  const [text, setText] = useState('')
  const [toleranceCents, setTolerance] = useState<Cents | null>(null)
  const [dateFrom, setFrom] = useState<IsoDate | null>(null)
  const [dateTo, setTo] = useState<IsoDate | null>(null)
  const [ticked, setTicked] = useState<readonly Counterpart[]>([])
  const [giveBack, setGiveBack] = useState(false)
  const found = useCounterparts(row, { text, toleranceCents, dateFrom, dateTo })
  const left = leftOf(row)
  const chosen = sum(ticked.map((c) => c.cents))
  const rest = cents(left - chosen)
  const has = (c: Counterpart) => ticked.some((t) => keyOfCounterpart(t) === keyOfCounterpart(c))
  const toggle = (c: Counterpart) =>
    setTicked(has(c) ? ticked.filter((t) => keyOfCounterpart(t) !== keyOfCounterpart(c)) : [...ticked, c])
  const rows = [...ticked, ...(found.data ?? []).filter((c) => !has(c))]
  const act = actOf(row, ticked, giveBack && rest > 0)
  const canGiveBack = payerOf(row) !== null
  return (
    <ActDialog
      title="Cerca la controparte"
      act={ticked.length > 1 ? `Abbina a ${ticked.length} controparti` : 'Abbina'}
      disabled={act === null}
      size={900}
      onClose={onClose}
      onAct={async () => act && decide([act], '')}
      left={
        <span role="status">
          {ticked.length > 0 && act === null ? (
            <span className="t-bad">Un giroconto o uno storno si sceglie da solo.</span>
          ) : (
            <>
              Spuntati <Money cents={chosen} strong /> su <Money cents={left} />
              {ticked.length > 0 && (
                <span className={rest === 0 ? 't-ok' : rest > 0 ? 't-warn' : 't-bad'}>
                  {' · '}
                  {rest === 0 ? 'torna al centesimo' : rest > 0 ? 'restano ' : 'in più '}
                  {rest !== 0 && <Money cents={Math.abs(rest)} />}
                </span>
              )}
            </>
          )}
        </span>
      }
    >
      <RowLine row={row} />
      <div className="search-fields">
        <TextInput
          label="Persona, IUV, flusso, accertamento, causale"
          value={text}
          onChange={(e) => setText(e.currentTarget.value)}
          onKeyDown={intoList}
          data-autofocus
        />
        <AmountField label="Importo più o meno" cents={toleranceCents} onChange={setTolerance} placeholder="uguale" />
        <DateField label="Dal" value={dateFrom} onChange={setFrom} />
        <DateField label="Al" value={dateTo} onChange={setTo} />
      </div>
      <ErrorNote error={found.error} />
      <ScrollBox className="outcome-list search-list" label="Controparti trovate">
        <table className="plain">
          <thead>
            <tr>
              <th>
                <span className="visually-hidden">Spunta</span>
              </th>
              <th>Controparte</th>
              <th>Data</th>
              <th className="right">Importo €</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((c) => (
              <tr key={keyOfCounterpart(c)}>
                <td>
                  <Checkbox
                    aria-label={`Spunta ${c.title}`}
                    checked={has(c)}
                    onChange={() => toggle(c)}
                    onKeyDown={(event) => {
                      alongList(event)
                      // Invio on a counterpart that nobody has ticked takes it alone.
                      if (event.key === 'Enter' && ticked.length === 0) {
                        event.preventDefault()
                        setTicked([c])
                      }
                    }}
                  />
                </td>
                <td>
                  <span className={isMono(c) ? 'mono' : 'strong'}>{c.title}</span>
                  <br />
                  <span className="small ink2">{c.detail}</span>
                </td>
                <td>
                  <DateText date={c.date} />
                </td>
                <td className="right">
                  <span className={c.cents === left ? 't-ok' : ''}>
                    <Money cents={c.cents} />
                  </span>
                </td>
              </tr>
            ))}
            {found.isSuccess && rows.length === 0 && (
              <tr>
                <td colSpan={4} className="ink2">
                  {text === '' && toleranceCents === null
                    ? 'Niente di questo importo esatto. Scrivi un nome, uno IUV o un flusso, oppure allarga l’importo.'
                    : 'Nessuna controparte così. Prova con meno lettere o con un importo più largo.'}
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </ScrollBox>
      {canGiveBack && (
        <Checkbox
          label="Quello che resta va in «somme da restituire» a chi ha pagato"
          checked={giveBack}
          disabled={rest <= 0}
          onChange={(e) => setGiveBack(e.currentTarget.checked)}
        />
      )}
      <p className="small muted">
        {counted(found.data?.length ?? 0, 'controparte trovata', 'controparti trovate')}, le più vicine per importo in
        alto. ↓ va all’elenco, Spazio spunta, Invio abbina.
      </p>
    </ActDialog>
  )
}

/** ↓ in a field goes to the first counterpart. */
function intoList(event: KeyboardEvent<HTMLInputElement>): void {
  if (event.key !== 'ArrowDown') return
  event.preventDefault()
  event.currentTarget.form?.querySelector<HTMLInputElement>('.search-list input')?.focus()
}

function alongList(event: KeyboardEvent<HTMLInputElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
  event.preventDefault()
  const boxes = [...(event.currentTarget.form?.querySelectorAll<HTMLInputElement>('.search-list input') ?? [])]
  const at = boxes.indexOf(event.currentTarget)
  boxes[at + (event.key === 'ArrowDown' ? 1 : -1)]?.focus()
}
