import { Button } from '@mantine/core'
import { IconCircleCheck, IconCopy, IconExternalLink, IconPrinter } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { client, orpc } from '../../client.ts'
import { counted, Money, NoticeNumberText } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { printFile } from '../../components/files.ts'
import { romeClock } from '../../components/rome-instant.ts'
import { St } from '../../components/St.tsx'
import { say, sayFailure } from '../../components/toast.ts'
import { once } from '../../once.ts'
import type { CartId } from './cart.ts'
import { QrCode } from './QrCode.tsx'

/** Moments until it is looked at again, while a receipt is waited for. */
const LOOK_MS = 3000

/** The link with its code, big enough for a counter, until the receipt says that it was paid. */
export function CartLink({
  id,
  again,
  onAnother,
  onClose,
}: {
  readonly id: CartId
  /** It had already been asked for. */
  readonly again: boolean
  readonly onAnother: () => void
  readonly onClose: () => void
}) {
  const { data: cart, error } = useQuery({
    ...orpc.cart.get.queryOptions({ input: { id }, staleTime: 0 }),
    refetchInterval: ({ state }) => (state.data?.state === 'paid' || state.data?.state === 'lapsed' ? false : LOOK_MS),
  })
  if (!cart) return <ErrorNote error={error} />
  const { opens, state } = cart
  const paid = state === 'paid'
  return (
    <div className="pay-now">
      <div className="pay-now-link">
        {paid ? (
          <div className="pay-now-paid t-ok">
            <IconCircleCheck size={120} stroke={1.2} aria-hidden />
            <span>La ricevuta è arrivata</span>
          </div>
        ) : (
          <QrCode text={cart.url} label="Codice QR del link di pagamento" dim={!opens} />
        )}
        <div className="pay-now-facts">
          <div className="panel-amount">
            <Money cents={cart.cents} euro />
            <St family="cart" code={state} pill />
          </div>
          <ul className="pay-now-rows">
            {cart.rows.map((row) => (
              <li key={row.noticeNumber}>
                <span>
                  {row.personName}
                  <span className="ink2 small"> · {row.description}</span>
                </span>
                <span className="small">
                  <NoticeNumberText value={row.noticeNumber} />
                </span>
                <span className={row.paid ? 't-ok' : ''}>
                  <Money cents={row.cents} />
                  {row.paid && cart.rows.length > 1 && <span className="small"> pagato</span>}
                </span>
              </li>
            ))}
          </ul>
          {cart.environment !== 'production' && (
            <p className="small t-warn">Ambiente di prova: niente di vero si paga.</p>
          )}
          {cart.email !== null && <p className="small ink2">Esito anche a {cart.email}</p>}
          {!paid && (
            <>
              {again && opens && <p className="small t-info">Il link c’era già: è lo stesso di prima.</p>}
              <p className={`small ${opens ? 'ink2' : 't-warn'}`}>
                {opens ? (
                  <>Si apre fino alle {romeClock(cart.openUntil)}. Chi l’ha aperto ha poi il tempo di pagare.</>
                ) : (
                  <>Non si apre più dalle {romeClock(cart.openUntil)}: se nessuno l’ha aperto, chiedine un altro.</>
                )}
              </p>
              <p className="small ink2">
                {state === 'lapsed'
                  ? 'Nessuna ricevuta finora. Se arriva, qui diventa pagato.'
                  : 'Diventa pagato quando arriva la ricevuta: il ritorno dal pagamento non basta.'}
              </p>
              <div className="pay-now-url">
                <a href={cart.url} target="_blank" rel="noreferrer noopener" className="mono small">
                  {cart.url}
                </a>
              </div>
            </>
          )}
        </div>
      </div>
      <div className="dialog-foot inset">
        <span className="muted small">{counted(cart.rows.length, 'avviso', 'avvisi')}</span>
        {!paid && opens && (
          <>
            <Button
              size="sm"
              leftSection={<IconCopy size={16} stroke={1.7} aria-hidden />}
              onClick={() =>
                void navigator.clipboard
                  .writeText(cart.url)
                  .then(() => say('Link copiato.'))
                  .catch(sayFailure)
              }
            >
              Copia il link
            </Button>
            <Button
              size="sm"
              leftSection={<IconPrinter size={16} stroke={1.7} aria-hidden />}
              onClick={() =>
                void once(`cart sheet ${cart.id}`, async () => printFile(await client.cart.sheet({ id: cart.id })))
              }
            >
              Stampa il foglio
            </Button>
            <Button
              size="sm"
              component="a"
              href={cart.url}
              target="_blank"
              rel="noreferrer noopener"
              leftSection={<IconExternalLink size={16} stroke={1.7} aria-hidden />}
            >
              Apri nel browser
            </Button>
          </>
        )}
        {!paid && !opens && (
          <Button size="sm" onClick={onAnother}>
            Chiedi un altro link
          </Button>
        )}
        <Button size="sm" variant="filled" onClick={onClose} data-autofocus>
          Chiudi
        </Button>
      </div>
    </div>
  )
}
