import type { InferContractRouterOutputs } from '@orpc/contract'
import type { Contract } from '#contract/contract'
import { readCausale } from '#domain/causale'
import { DateText, formatCount, Money } from '../../components/cells.tsx'
import { ScrollBox } from '../../components/ScrollBox.tsx'
import { ToneText } from '../../components/St.tsx'
import { Causale } from '../board/Causale.tsx'

type Reading = InferContractRouterOutputs<Contract>['bankStatement']['read']

const WHY = {
  flow: { word: 'Riversamento pagoPA', tone: 'ok' },
  iuv: { word: 'Pagamento singolo', tone: 'ok' },
  truncated: { word: 'Troncato: decidi tu', tone: 'unc' },
  none: { word: 'Non pagoPA', tone: 'neu' },
} as const
const NEWS = {
  new: { word: 'Nuovo', tone: 'info' },
  already: { word: 'Già presente', tone: 'neu' },
  waiting: { word: 'Già da decidere', tone: 'unc' },
  changed: { word: 'Da decidere', tone: 'unc' },
  possibleDuplicate: { word: 'Forse doppio', tone: 'unc' },
  left: { word: 'Di altro conto', tone: 'neu' },
} as const

/** The movements that the file would add, with what is pagoPA's and why. */
export function MovementPreview({ reading, onlyPagopa }: { readonly reading: Reading; readonly onlyPagopa: boolean }) {
  const rows = onlyPagopa ? reading.preview.filter((m) => m.pagopa !== 'none') : reading.preview
  const all = reading.movements.credit.count + reading.movements.debit.count
  return (
    <ScrollBox className="chooser-scroll" label="Movimenti letti">
      <table className="plain preview-table">
        <colgroup>
          <col style={{ width: 52 }} />
          <col style={{ width: 88 }} />
          <col style={{ width: 88 }} />
          <col />
          <col style={{ width: 172 }} />
          <col style={{ width: 144 }} />
          <col style={{ width: 100 }} />
        </colgroup>
        <thead>
          <tr>
            <th className="right">Riga</th>
            <th>Data</th>
            <th>Valuta</th>
            <th>Descrizione</th>
            <th>pagoPA</th>
            <th>Nei conti</th>
            <th className="right">Importo €</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((m, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the order is the file's
            <tr key={i} className={m.pagopa === 'none' ? 'dim' : ''}>
              <td className="right muted">{formatCount(m.line)}</td>
              <td>
                <DateText date={m.bookingDate} />
              </td>
              <td>
                <DateText date={m.valueDate} />
              </td>
              <td className="cut">
                <Causale text={m.description} spans={marks(m.description, m.cents)} folded />
              </td>
              <td title={m.reference ?? ''}>
                <ToneText tone={WHY[m.pagopa].tone}>{WHY[m.pagopa].word}</ToneText>
              </td>
              <td>
                <ToneText tone={NEWS[m.state ?? 'left'].tone}>{NEWS[m.state ?? 'left'].word}</ToneText>
              </td>
              <td className="right">
                <Money cents={m.cents} />
              </td>
            </tr>
          ))}
          {rows.length === 0 && (
            <tr>
              <td colSpan={7} className="muted">
                {onlyPagopa ? 'Nessun movimento pagoPA in questo file.' : 'Nessun movimento letto.'}
              </td>
            </tr>
          )}
          {all > reading.preview.length && (
            <tr>
              <td colSpan={7} className="muted">
                I primi {formatCount(reading.preview.length)} di {formatCount(all)}; gli altri si vedono dopo averli
                caricati.
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </ScrollBox>
  )
}

/** The three marks of the causale; a debit is never pagoPA's money, so it has none. */
function marks(description: string, cents: number) {
  if (cents < 0) return []
  return readCausale(description).spans.map((s) => ({ start: s.from, end: s.to, mark: s.mark }))
}
