import { IconAlertTriangle } from '@tabler/icons-react'
import { problemText } from '#domain/problem'
import { counted, DateText, formatCount, Money, NoticeNumberText } from '../../components/cells.tsx'
import { ScrollBox } from '../../components/ScrollBox.tsx'
import { St } from '../../components/St.tsx'
import type { ActPreview } from './act-frame.ts'
import { LeftOut } from './LeftOut.tsx'

export type Lifecycle = 'issued' | 'cancelled'
type Side = ActPreview['rows'][number]['before']

/** What an act does before it is done: old and new, what is left behind, who is left out and why. */
export function ActEffect({
  preview,
  lifecycle,
}: {
  readonly preview: ActPreview
  /** What the position is and becomes, where the act is about that. */
  readonly lifecycle?: readonly [before: Lifecycle, after: Lifecycle]
}) {
  const [only] = preview.rows
  const [why] = preview.leftOut
  const cannot = preview.count === 0 && why?.count === 1 && preview.leftOut.length === 1 ? why.reason : null
  return (
    <>
      {preview.count === 1 && only ? (
        <OneEffect row={only} lifecycle={lifecycle} />
      ) : (
        preview.count > 0 && <ManyEffect preview={preview} />
      )}
      <Consequences preview={preview} withdrawn={lifecycle?.[1] === 'cancelled'} />
      {cannot === null ? (
        <LeftOut reasons={preview.leftOut} />
      ) : (
        <p className="note note-bad act-line">Non si può. {cannot}.</p>
      )}
      {preview.warnings.map((p, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list is drawn anew with each preview
        <div key={i} className="note note-warn">
          <IconAlertTriangle size={16} stroke={1.7} aria-hidden />
          <div>{problemText(p)}</div>
        </div>
      ))}
    </>
  )
}

function OneEffect({
  row,
  lifecycle,
}: {
  readonly row: ActPreview['rows'][number]
  readonly lifecycle: readonly [before: Lifecycle, after: Lifecycle] | undefined
}) {
  const { before, after } = row
  return (
    <table className="plain act-effect">
      <thead>
        <tr>
          <th scope="col">{row.personName}</th>
          <th scope="col">Adesso</th>
          <th scope="col">Dopo</th>
        </tr>
      </thead>
      <tbody>
        {lifecycle && (
          <Changed label="Stato" same={false}>
            <St family="lifecycle" code={lifecycle[0]} />
            <St family="lifecycle" code={lifecycle[1]} />
          </Changed>
        )}
        <Changed label="Importo" same={before.cents === after.cents}>
          <Money cents={before.cents} euro />
          <Money cents={after.cents} euro />
        </Changed>
        <Changed label="Scadenza" same={before.dueDate === after.dueDate}>
          <DateText date={before.dueDate} />
          <DateText date={after.dueDate} />
        </Changed>
        <Changed label="Valida fino al" same={before.validUntil === after.validUntil}>
          <DateText date={before.validUntil} />
          <DateText date={after.validUntil} />
        </Changed>
        <Changed label="Pagamenti" same={JSON.stringify(before.payments) === JSON.stringify(after.payments)}>
          <Payments side={before} />
          <Payments side={after} />
        </Changed>
      </tbody>
    </table>
  )
}

function Changed({
  label,
  same,
  children: [before, after],
}: {
  readonly label: string
  readonly same: boolean
  readonly children: readonly [React.ReactNode, React.ReactNode]
}) {
  return (
    <tr>
      <th scope="row">{label}</th>
      <td className="ink2">{before}</td>
      <td className={same ? 'ink2' : 'strong'}>{same ? <span className="muted">uguale</span> : after}</td>
    </tr>
  )
}

function Payments({ side }: { readonly side: Side }) {
  if (side.payments.length === 0) return <span className="muted">nessuno</span>
  return (
    <ul className="act-payments">
      {side.payments.map((p) => (
        <li key={p.ordinal}>
          <span>
            {p.ordinal === 0 ? 'rata unica' : `rata ${formatCount(p.ordinal)}`}
            {p.paid && <span className="t-ok"> pagata</span>}
          </span>
          <DateText date={p.dueDate} />
          <Money cents={p.cents} />
          <span className="small">
            {p.noticeNumber === null ? (
              <span className="t-info">avrà un numero nuovo</span>
            ) : (
              <NoticeNumberText value={p.noticeNumber} />
            )}
          </span>
        </li>
      ))}
    </ul>
  )
}

function ManyEffect({ preview }: { readonly preview: ActPreview }) {
  const rest = preview.count - preview.rows.length
  return (
    <>
      <ScrollBox className="act-rows" label="Le prime posizioni">
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">Debitore</th>
              <th scope="col">Scadenza</th>
              <th scope="col">Valida fino al</th>
              <th scope="col" className="right">
                Importo €
              </th>
            </tr>
          </thead>
          <tbody>
            {preview.rows.map(({ id, personName, before, after }) => (
              <tr key={id}>
                <td>{personName}</td>
                <td>
                  <FromTo before={before.dueDate} after={after.dueDate} />
                </td>
                <td>
                  <FromTo before={before.validUntil} after={after.validUntil} />
                </td>
                <td className="num">
                  <Money cents={after.cents} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      <p className="act-total">
        <span>
          {rest > 0 && `e ${rest === 1 ? 'un’altra' : `altre ${formatCount(rest)}`}: `}
          <b className="strong">{counted(preview.count, 'posizione', 'posizioni')}</b> in tutto
        </span>
        <span>
          {preview.beforeCents !== preview.afterCents && (
            <span className="muted">
              <Money cents={preview.beforeCents} /> →{' '}
            </span>
          )}
          <Money cents={preview.afterCents} euro strong />
        </span>
      </p>
    </>
  )
}

function FromTo({ before, after }: { readonly before: string | null; readonly after: string | null }) {
  if (before === after) return <DateText date={before} />
  return (
    <>
      <span className="muted">
        <DateText date={before} /> →
      </span>{' '}
      <span className="strong">
        <DateText date={after} />
      </span>
    </>
  )
}

function sentWords(sent: number, withdrawn: boolean): string {
  if (withdrawn)
    return sent === 1
      ? 'Una consegna è già fatta: chi ha quell’avviso non potrà pagarlo.'
      : `${formatCount(sent)} consegne sono già fatte: chi ha quegli avvisi non potrà pagarli.`
  return sent === 1
    ? 'Una consegna già fatta porta l’avviso di prima: resta nella storia come superata. Poi rispedisci.'
    : `${formatCount(sent)} consegne già fatte portano l’avviso di prima: restano nella storia come superate. Poi rispedisci.`
}

/** Numbers that are born, variations in the books, papers and deliveries that are left behind. */
function Consequences({ preview, withdrawn }: { readonly preview: ActPreview; readonly withdrawn: boolean }) {
  const { newNumbers, variations, superseded } = preview
  const lines = [
    newNumbers === 0 ? null : `Nascono ${counted(newNumbers, 'numero avviso', 'numeri avviso')}.`,
    variations.count === 0
      ? null
      : `Nei conti: ${counted(variations.count, 'variazione', 'variazioni')} degli accertamenti, in tutto `,
    superseded.sent === 0 ? null : sentWords(superseded.sent, withdrawn),
    superseded.waiting === 0
      ? null
      : superseded.waiting === 1
        ? 'Una consegna in coda si annulla: non parte un avviso superato.'
        : `${formatCount(superseded.waiting)} consegne in coda si annullano: non parte un avviso superato.`,
  ]
  if (lines.every((line) => line === null)) return null
  return (
    <ul className="act-consequences">
      {lines.map(
        (line, i) =>
          line !== null && (
            <li key={line}>
              {line}
              {i === 1 && <Money cents={variations.cents} euro strong />}
            </li>
          ),
      )}
    </ul>
  )
}
