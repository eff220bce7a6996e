import type { InferContractRouterOutputs } from '@orpc/contract'
import type { Contract } from '#contract/contract'
import { amountInWords } from '#domain/amount-in-words'
import { creditsInWords } from '#domain/credit-words'
import { formatDate } from '#domain/date'
import { formatCents } from '#domain/money'
import { formatCount } from '../../components/cells.tsx'

type Outputs = InferContractRouterOutputs<Contract>
type Doc = Outputs['reversale']['get']

/** The reversale as it prints, small: the same facts in the same order as its PDF. Always white, like paper. */
export function ReversalePaper({
  doc,
  institution,
}: {
  readonly doc: Doc
  readonly institution: Outputs['institution']['get'] | undefined
}) {
  const credits = creditsInWords(doc.document)
  const facts: [string, string][] = [
    ['Capitolo', doc.capitolo],
    ['Gestione', doc.residui ? `Residui ${doc.originYear}` : `Competenza ${doc.exercise}`],
    ['Debitore', doc.debtor],
    ['Causale', doc.causale],
    [
      doc.document.some((l) => l.provvisorio !== null) ? 'Provvisorio d’entrata' : 'Accredito',
      credits.slice(0, 4).join(', '),
    ],
    ['Conto d’incasso', doc.account],
  ]
  return (
    <div className="rev">
      <div className="rev-head">
        <div>
          <b>{institution?.name ?? ''}</b>
          <span>{institution ? `Codice fiscale ${institution.fiscalCode}` : ''}</span>
        </div>
        <div className="right">
          <span>Esercizio</span>
          <b>{doc.exercise}</b>
        </div>
      </div>
      <div className="rev-title">
        <b>Reversale d’incasso n. {formatCount(doc.number)}</b>
        <span>del {formatDate(doc.date)}</span>
      </div>
      <dl className="rev-facts">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className="rev-amount">
        <span>
          Il Cassiere incassi
          <b>{amountInWords(doc.cents)}</b>
        </span>
        <b>€ {formatCents(doc.cents)}</b>
      </div>
      <table>
        <thead>
          <tr>
            <th>Accert.</th>
            <th>Debitore</th>
            <th>IUV</th>
            <th className="right">Importo</th>
          </tr>
        </thead>
        <tbody>
          {doc.document.map((l, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the order is the document's
            <tr key={i}>
              <td>{l.accertamento}</td>
              <td>{l.personName}</td>
              <td className="mono">{l.iuv ?? ''}</td>
              <td className="right">{formatCents(l.cents)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td colSpan={3}>Totale</td>
            <td className="right">{formatCents(doc.cents)}</td>
          </tr>
        </tfoot>
      </table>
      {doc.annulledOn !== null && (
        <p className="rev-annulled">
          Annullata il {formatDate(doc.annulledOn)}: {doc.annulmentReason}
        </p>
      )}
    </div>
  )
}
