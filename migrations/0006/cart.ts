import { fixedRefusals } from '../0001/fixed-triggers.ts'
import type { Slice } from '../ddl/slice.ts'
import { id, instant, key, nullable, oneOf, positive, ref, refText, table, text, unique } from '../ddl/table.ts'

/**
 * Carts of Checkout handed to payers. Their state is not kept: the receipts of their notices say it. Publication runs that
 * write to App IO: which version of each position was taken up, so that none is written of twice.
 */
export const cart: Slice = {
  addedColumns: {},
  newTables: [
    table(
      'checkoutCart',
      {
        id,
        // What Checkout and the receipts call it.
        reference: text,
        environment: oneOf('rehearsal', 'uat', 'production'),
        url: text,
        cents: positive,
        email: nullable(text),
        at: instant,
        // The link opens until then.
        openUntil: instant,
        operator: text,
      },
      [unique('reference')],
      [{ columns: ['at'] }],
    ),
    table(
      'checkoutCartRow',
      {
        cartId: ref('checkoutCart'),
        ordinal: positive,
        debtPositionId: ref('debtPosition'),
        version: positive,
        iuv: refText('iuvAssignment', 'iuv'),
        noticeNumber: text,
        cents: positive,
        description: text,
      },
      [key('cartId', 'ordinal'), unique('cartId', 'iuv')],
      [{ columns: ['debtPositionId'] }, { columns: ['iuv'] }],
    ),
    // A published version of which App IO was told, or would have been: `why` says why it was left out, by its campaign if one left.
    table(
      'publicationMessage',
      {
        // What a rehearsal published says nothing of what is published for real.
        environment: oneOf('rehearsal', 'uat', 'production'),
        debtPositionId: ref('debtPosition'),
        version: positive,
        campaignId: nullable(ref('campaign')),
        why: nullable(text),
        at: instant,
      },
      [key('environment', 'debtPositionId', 'version')],
      [{ columns: ['debtPositionId'] }, { columns: ['campaignId'] }],
    ),
  ],
  refusals: fixedRefusals(['checkoutCart', 'checkoutCartRow']),
}
