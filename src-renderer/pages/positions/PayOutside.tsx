import { Checkbox, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import { formatCents, sum } from '#domain/money'
import { PAID_OUTSIDE } from '#domain/vocabulary'
import { client, orpc } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { DateText, formatCount, Money, TimeText } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { DateField } from '../../components/fields.tsx'
import { say } from '../../components/toast.ts'

type How = keyof typeof PAID_OUTSIDE

const WHAT_HAPPENS: Readonly<Record<How, string>> = {
  cash: 'I contanti entrano subito nel conto di cassa: la reversale è pronta.',
  pos: 'Si aspetta l’accredito del POS in banca. Non dice chi ha pagato: lo trovi in Riconciliazione, Ignorati, e con F lo abbini a questa persona.',
  bonifico: 'Si aspetta il bonifico in banca: arriva in Riconciliazione e lo abbini a questa persona.',
}

/** Money that came by another way: at the counter, by card or by bank transfer, with the document that proves it. */
export function PayOutside({
  id,
  personName,
  today,
  onClose,
}: {
  readonly id: Id<'debtPosition'>
  readonly personName: string
  readonly today: IsoDate
  readonly onClose: () => void
}) {
  const { data, error } = useQuery(orpc.positionAct.outside.queryOptions({ input: { id }, staleTime: 0 }))
  const [chosen, setChosen] = useState<ReadonlySet<number> | null>(null)
  const [how, setHow] = useState<How>('cash')
  const [document, setDocument] = useState('')
  const [date, setDate] = useState<IsoDate | null>(today)
  const [account, setAccount] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  const label = useId()
  const payments = data?.payments ?? []
  // Whoever pays at the counter pays it all, or some instalments; never one and the other.
  const whole = payments.find((p) => p.ordinal === 0)
  const ticked = chosen ?? new Set(whole ? [0] : payments.map((p) => p.ordinal))
  const cents = sum(payments.filter((p) => ticked.has(p.ordinal)).map((p) => p.cents))
  const tick = (ordinal: number, on: boolean) => {
    if (ordinal === 0) return setChosen(new Set(on ? [0] : []))
    const next = new Set([...ticked].filter((o) => o !== 0 && o !== ordinal))
    if (on) next.add(ordinal)
    setChosen(next)
  }
  const cashAccount = account ?? (data?.cashAccounts[0] ? String(data.cashAccounts[0].id) : null)
  const missing =
    payments.length === 0
      ? 'Non resta niente da pagare.'
      : ticked.size === 0
        ? 'Scegli che cosa ha pagato.'
        : document.trim().length < 2
          ? 'Manca il documento.'
          : date === null
            ? 'Manca la data.'
            : how === 'cash' && cashAccount === null
              ? 'Manca un conto di cassa: aggiungilo in Impostazioni, Conti.'
              : null
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title="Pagata fuori da pagoPA"
      subtitle={`${personName} ha pagato per un’altra via: l’avviso non si deve pagare più.`}
      act={`Segna pagati ${formatCents(cents)} €`}
      leave="Lascia"
      {...(missing === null ? {} : { note: missing })}
      disabled={data === undefined || missing !== null}
      warning={WHAT_HAPPENS[how]}
      onConfirm={async () => {
        if (date === null) return
        await client.positionAct.payOutside({
          id,
          payments: [...ticked],
          ...{ how, document: document.trim(), date, reason: reason.trim() },
          cashAccountId: how === 'cash' && cashAccount !== null ? (Number(cashAccount) as Id<'bankAccount'>) : null,
        })
        say(`${personName}: segnati ${formatCents(cents)} € pagati ${PAID_OUTSIDE[how]}.`)
      }}
    >
      <ErrorNote error={error} />
      {data?.said.map((s) => (
        <p key={s.decisionId} className="note note-info">
          Già segnata <TimeText at={s.at} /> da {s.operator}: «{s.document}»
          {s.cents === null ? '' : `, ${formatCents(s.cents)} €`}.
        </p>
      ))}
      {payments.length > 0 && (
        <fieldset className="open-debts">
          <legend className="field-label">Che cosa ha pagato</legend>
          {payments.map((p) => (
            <div key={p.ordinal} className="open-debt">
              <Checkbox
                label={p.ordinal === 0 ? 'Tutto, in unica soluzione' : `Rata ${formatCount(p.ordinal)}`}
                checked={ticked.has(p.ordinal)}
                onChange={(e) => tick(p.ordinal, e.currentTarget.checked)}
              />
              <span className="ink2 small">{p.dueDate === null ? '' : <DateText date={p.dueDate} />}</span>
              <Money cents={p.cents} />
            </div>
          ))}
        </fieldset>
      )}
      <div>
        <div id={label} className="field-label">
          Come
        </div>
        <SegmentedControl
          size="xs"
          aria-labelledby={label}
          value={how}
          onChange={(value) => setHow(value as How)}
          data={[
            { value: 'cash', label: 'Contanti' },
            { value: 'pos', label: 'POS' },
            { value: 'bonifico', label: 'Bonifico' },
          ]}
        />
      </div>
      <div className="form-grid">
        <TextInput
          className="span-4"
          label="Documento"
          placeholder="ricevuta n. 12 del 14/04/2026"
          data-autofocus
          maxLength={200}
          value={document}
          onChange={(e) => setDocument(e.currentTarget.value)}
        />
        <div className="span-2">
          <DateField label="Pagata il" value={date} onChange={setDate} />
        </div>
        {how === 'cash' && (data?.cashAccounts.length ?? 0) > 1 && (
          <Select
            className="span-6"
            label="Conto di cassa"
            value={cashAccount}
            allowDeselect={false}
            data={data?.cashAccounts.map((a) => ({ value: String(a.id), label: a.name })) ?? []}
            onChange={setAccount}
          />
        )}
        <TextInput
          className="span-6"
          label="Nota, facoltativa"
          maxLength={500}
          value={reason}
          onChange={(e) => setReason(e.currentTarget.value)}
        />
      </div>
    </ConfirmDialog>
  )
}
