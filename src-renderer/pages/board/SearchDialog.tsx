import { Checkbox, TextInput } from '@mantine/core'
import { useState } from 'react'
import { type Cents, cents, sum } from '#domain/money'
import { client } from '../../client.ts'
import { counted, DateText, Money } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { AmountField } from '../../components/fields.tsx'
import { ScrollBox } from '../../components/ScrollBox.tsx'
import { type BoardRow, type Candidate, lesser } from './board.ts'
import { ActDialog, CreditLine } from './RowDialogs.tsx'
import { useCounterparts } from './use-search.ts'

const keyOf = (c: Candidate) => `${c.target.kind}-${c.target.id}`

/** «Cerca altro»: find and match. The sum of the ticked ones is written against the credit. */
export function SearchDialog({
  row,
  onClose,
  onDone,
}: {
  readonly row: BoardRow
  readonly onClose: () => void
  readonly onDone: () => void
}) {
  const [text, setText] = useState('')
  const [tolerance, setTolerance] = useState<Cents | null>(null)
  const [ticked, setTicked] = useState<readonly Candidate[]>([])
  const found = useCounterparts(row, text, tolerance)
  const chosen = sum(ticked.map((c) => c.cents))
  const rest = cents(row.leftCents - chosen)
  const toggle = (c: Candidate) =>
    setTicked(ticked.some((t) => keyOf(t) === keyOf(c)) ? ticked.filter((t) => keyOf(t) !== keyOf(c)) : [...ticked, c])
  const rows = [...ticked, ...(found.data ?? []).filter((c) => !ticked.some((t) => keyOf(t) === keyOf(c)))]
  const match = async () => {
    let left = row.leftCents
    const targets = []
    for (const c of ticked) {
      const part = lesser(left, c.cents)
      if (part <= 0) break
      targets.push({ ...c.target, cents: part })
      left = cents(left - part)
    }
    await client.reconciliation.match({ bankMovementId: row.bankMovementId, targets, reason: '' })
    onDone()
  }
  return (
    <ActDialog
      title="Cerca la controparte"
      act={ticked.length > 1 ? `Abbina a ${ticked.length} controparti` : 'Abbina'}
      disabled={ticked.length === 0}
      size={860}
      onClose={onClose}
      onAct={match}
      left={
        <span>
          Spuntati <Money cents={chosen} strong /> su <Money cents={row.leftCents} />
          {ticked.length > 0 && (
            <span className={rest === 0 ? 't-ok' : rest > 0 ? 't-warn' : 't-bad'}>
              {' · '}
              {rest === 0 ? 'torna al centesimo' : rest > 0 ? 'restano ' : 'oltre il credito di '}
              {rest !== 0 && <Money cents={Math.abs(rest)} />}
            </span>
          )}
        </span>
      }
    >
      <CreditLine row={row} />
      <div className="search-fields">
        <TextInput
          label="Flusso, IUV, persona, causale"
          value={text}
          onChange={(e) => setText(e.currentTarget.value)}
          data-autofocus
        />
        <AmountField label="Importo più o meno" cents={tolerance} onChange={setTolerance} placeholder="uguale" />
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
              <tr key={keyOf(c)}>
                <td>
                  <Checkbox
                    aria-label={`Spunta ${c.title}`}
                    checked={ticked.some((t) => keyOf(t) === keyOf(c))}
                    onChange={() => toggle(c)}
                  />
                </td>
                <td>
                  <span className={c.target.kind === 'flow' ? 'mono' : 'strong'}>{c.title}</span>
                  <br />
                  <span className="small ink2">{c.detail}</span>
                </td>
                <td>
                  <DateText date={c.date} />
                </td>
                <td className="right">
                  <span className={c.cents === row.leftCents ? 't-ok' : ''}>
                    <Money cents={c.cents} />
                  </span>
                </td>
              </tr>
            ))}
            {found.isSuccess && rows.length === 0 && (
              <tr>
                <td colSpan={4} className="ink2">
                  {text === '' && tolerance === null
                    ? 'Niente di questo importo esatto. Scrivi un nome, uno IUV o un flusso, oppure allarga l’importo.'
                    : 'Nessuna controparte così. Prova con meno lettere o con un importo più largo.'}
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </ScrollBox>
      <p className="small muted">
        {counted(found.data?.length ?? 0, 'controparte trovata', 'controparti trovate')}, le più vicine per importo in
        alto.
      </p>
    </ActDialog>
  )
}
