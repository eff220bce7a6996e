import { Button, Checkbox, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { MAX_CART_NOTICES } from '#domain/cart'
import { formatCents, sum } from '#domain/money'
import { FIELDS } from '#domain/vocabulary'
import { client, orpc } from '../../client.ts'
import { DateText, Money, NoticeNumberText } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { ScrollBox } from '../../components/ScrollBox.tsx'
import type { Candidate, CartId, PayNowOf } from './cart.ts'

/** What is to be paid: all at once or some instalments of each position, five payments at most. */
export function ChoosePayments({
  of,
  onMade,
  onClose,
}: {
  readonly of: PayNowOf
  readonly onMade: (id: CartId, made: boolean) => void
  readonly onClose: () => void
}) {
  const { data, error } = useQuery(orpc.cart.preview.queryOptions({ input: of, staleTime: 0 }))
  const [chosen, setChosen] = useState<ReadonlySet<string> | null>(null)
  const [email, setEmail] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  if (!data) return <ErrorNote error={error} />
  const all = data.candidates.flatMap((one) => one.payments)
  // What was ticked may have been paid meanwhile.
  const ticked = [...(chosen ?? data.proposed)].filter((iuv) => all.some((p) => p.iuv === iuv && p.whyNot === null))
  const cents = sum(all.filter((p) => ticked.includes(p.iuv)).map((p) => p.cents))
  const missing =
    data.whyNot ??
    (data.candidates.length === 0
      ? 'Non c’è niente da pagare.'
      : all.every((p) => p.whyNot !== null)
        ? 'Niente di questo si può pagare adesso.'
        : ticked.length === 0
          ? 'Scegli che cosa si paga.'
          : ticked.length > MAX_CART_NOTICES
            ? `Un link paga al più ${MAX_CART_NOTICES} avvisi: ne hai scelti ${ticked.length}.`
            : email !== null && !/^\S+@\S+\.\S+$/.test(email.trim())
              ? 'L’indirizzo e-mail non è completo.'
              : null)
  const tick = (candidate: Candidate, payment: Candidate['payments'][number], on: boolean) => {
    const own = new Set(candidate.payments.filter((p) => p.kind !== payment.kind).map((p) => p.iuv))
    const rest = ticked.filter((iuv) => iuv !== payment.iuv && !(on && own.has(iuv)))
    setChosen(new Set(on ? [...rest, payment.iuv] : rest))
  }
  const ask = async () => {
    if (busy) return
    setBusy(true)
    setFailure(null)
    try {
      const { cart, made } = await client.cart.make({
        iuvs: ticked,
        expectedCents: cents,
        email: email === null ? null : email.trim(),
      })
      onMade(cart.id, made)
    } catch (problem) {
      setFailure(problem)
      setBusy(false)
    }
  }
  return (
    <form
      className="pay-now"
      onSubmit={(e) => {
        e.preventDefault()
        if (missing === null) void ask()
      }}
    >
      <p className="ink2">
        {data.environment === 'production'
          ? 'Chi paga apre il link di Checkout e sceglie carta, conto o app. Vale la ricevuta, non il ritorno dal pagamento.'
          : 'Ambiente di prova: il link non porta a un pagamento vero.'}
      </p>
      {data.candidates.length > 0 && (
        <ScrollBox className="pay-now-list" label="Che cosa si paga">
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">Pagamento</th>
                <th scope="col">{FIELDS.dueDate}</th>
                <th scope="col">{FIELDS.notice}</th>
                <th scope="col" className="right">
                  Importo €
                </th>
              </tr>
            </thead>
            {data.candidates.map((candidate) => (
              <tbody key={candidate.debtPositionId}>
                <tr className="pay-now-head">
                  <th scope="rowgroup" colSpan={4}>
                    {candidate.personName} <span className="ink2">· {candidate.description}</span>
                    {candidate.whyNot !== null && <div className="small t-warn">{candidate.whyNot}.</div>}
                  </th>
                </tr>
                {candidate.payments.map((payment) => (
                  <tr key={payment.iuv}>
                    <td>
                      <Checkbox
                        size="xs"
                        label={payment.kind === 'single' ? 'Tutto insieme' : `Rata ${payment.ordinal}`}
                        description={payment.whyNot !== null && candidate.whyNot === null ? payment.whyNot : undefined}
                        aria-label={`${payment.kind === 'single' ? 'Tutto insieme' : `Rata ${payment.ordinal}`}, ${candidate.personName}`}
                        checked={ticked.includes(payment.iuv)}
                        disabled={payment.whyNot !== null || data.whyNot !== null}
                        onChange={(e) => tick(candidate, payment, e.currentTarget.checked)}
                      />
                    </td>
                    <td>
                      <DateText date={payment.dueDate} />
                    </td>
                    <td className="small">
                      <NoticeNumberText value={payment.noticeNumber} />
                    </td>
                    <td className="num">
                      <Money cents={payment.cents} />
                    </td>
                  </tr>
                ))}
              </tbody>
            ))}
          </table>
        </ScrollBox>
      )}
      <EmailChoice offered={data.email} email={email} onChange={setEmail} />
      <ErrorNote error={failure} />
      <div className="dialog-foot inset">
        <span className="muted small">{missing}</span>
        <Button size="sm" onClick={onClose}>
          Lascia
        </Button>
        <Button size="sm" type="submit" variant="filled" loading={busy} disabled={missing !== null} data-autofocus>
          {missing === null ? `Chiedi il link per ${formatCents(cents)} €` : 'Chiedi il link'}
        </Button>
      </div>
    </form>
  )
}

/** Only where the payer wants the outcome by mail. */
function EmailChoice({
  offered,
  email,
  onChange,
}: {
  readonly offered: string | null
  readonly email: string | null
  readonly onChange: (email: string | null) => void
}) {
  return (
    <div className="pay-now-email">
      <Checkbox
        size="xs"
        label="Chi paga vuole l’esito per e-mail"
        checked={email !== null}
        onChange={(e) => onChange(e.currentTarget.checked ? (offered ?? '') : null)}
      />
      {email !== null && (
        <TextInput
          aria-label="E-mail di chi paga"
          placeholder="nome@esempio.it"
          value={email}
          maxLength={256}
          onChange={(e) => onChange(e.currentTarget.value)}
        />
      )}
    </div>
  )
}
