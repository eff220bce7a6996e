import { counted, Money } from '../../components/cells.tsx'

/** What a list of money in and out ends with: how many rows, what went out, what came in. */
export function moneyFoot(
  count: number,
  [one, many]: readonly [one: string, many: string],
  totals: { readonly creditCents: number; readonly debitCents: number },
) {
  return {
    left: (
      <>
        <span>
          <b>{counted(count, one, many)}</b>
        </span>
        <span>
          uscite <Money cents={totals.debitCents} />
        </span>
      </>
    ),
    right: (
      <span>
        Entrate <Money cents={totals.creditCents} euro strong />
      </span>
    ),
  }
}
