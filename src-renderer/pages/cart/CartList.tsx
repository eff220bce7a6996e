import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { orpc } from '../../client.ts'
import { counted, Money, TimeText } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { St } from '../../components/St.tsx'
import type { CartId, PayNowOf } from './cart.ts'
import { PayNow } from './PayNow.tsx'

/** Links handed out for a position or to a person, newest first; nothing at all where there is none. */
export function CartList({
  of,
  pay,
  frame,
}: {
  readonly of: Parameters<typeof orpc.cart.list.queryOptions>[0]['input']
  /** What another link would be for. */
  readonly pay: PayNowOf
  readonly frame: (list: ReactNode) => ReactNode
}) {
  const { data, error } = useQuery(orpc.cart.list.queryOptions({ input: of }))
  const [open, setOpen] = useState<CartId | null>(null)
  if (error) return <ErrorNote error={error} />
  if (!data || data.length === 0) return null
  return (
    <>
      {frame(
        <ul className="cart-lines">
          {data.map((cart) => (
            <li key={cart.id}>
              <button
                type="button"
                className="link"
                title={`${cart.operator}, ${counted(cart.rows.length, 'avviso', 'avvisi')}`}
                onClick={() => setOpen(cart.id)}
              >
                <TimeText at={cart.at} />
              </button>
              <St family="cart" code={cart.state} />
              <Money cents={cart.cents} />
            </li>
          ))}
        </ul>,
      )}
      {open !== null && <PayNow of={pay} open={open} onClose={() => setOpen(null)} />}
    </>
  )
}
