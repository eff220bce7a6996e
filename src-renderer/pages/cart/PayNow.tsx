import { useState } from 'react'
import { Sheet } from '../../components/Sheet.tsx'
import { CartLink } from './CartLink.tsx'
import { ChoosePayments } from './ChoosePayments.tsx'
import type { CartId, PayNowOf } from './cart.ts'

/** «Paga ora…»: what will be paid, then the link to hand to who pays. `open` shows one that was handed out. */
export function PayNow({
  of,
  open,
  onClose,
}: {
  readonly of: PayNowOf
  readonly open?: CartId
  readonly onClose: () => void
}) {
  const [shown, setShown] = useState<{ readonly id: CartId; readonly again: boolean } | null>(
    open === undefined ? null : { id: open, again: false },
  )
  return (
    <Sheet opened onClose={onClose} title="Paga ora" size={760}>
      {shown === null ? (
        <ChoosePayments of={of} onMade={(id, made) => setShown({ id, again: !made })} onClose={onClose} />
      ) : (
        <CartLink id={shown.id} again={shown.again} onAnother={() => setShown(null)} onClose={onClose} />
      )}
    </Sheet>
  )
}
