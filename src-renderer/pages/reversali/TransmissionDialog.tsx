import { Button, Checkbox, SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { formatDate, type IsoDate, maxDate } from '#domain/date'
import { formatCents, sum } from '#domain/money'
import { FIELDS } from '#domain/vocabulary'
import { useAppState } from '../../app-state.ts'
import { client, orpc } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { counted, DateText, formatCount, Money } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { DateField } from '../../components/fields.tsx'
import { ScrollBox } from '../../components/ScrollBox.tsx'
import { Sheet } from '../../components/Sheet.tsx'
import { say } from '../../components/toast.ts'

const ROWS_SHOWN = 300

/** The reversali of one account not yet handed to the treasurer, to be put on a numbered list: a step without return. */
export function TransmissionDialog({
  exercise,
  chosen,
  onClose,
}: {
  readonly exercise: number
  /** Reversali ticked on the list; null proposes all of the account. */
  readonly chosen: ReadonlySet<number> | null
  readonly onClose: () => void
}) {
  const navigate = useNavigate()
  const today = useAppState().data?.today ?? null
  const ready = useQuery(orpc.transmissionList.ready.queryOptions({ input: { exercise } }))
  const accounts = (ready.data?.accounts ?? []).filter(
    (a) => chosen === null || a.reversali.some((r) => chosen.has(r.reversaleId)),
  )
  const [accountId, setAccountId] = useState<number | null>(null)
  const [left, setLeft] = useState<ReadonlySet<number>>(new Set())
  const [typed, setTyped] = useState<IsoDate | null | undefined>(undefined)
  const account = accounts.find((a) => a.bankAccountId === accountId) ?? accounts[0]
  const rows = (account?.reversali ?? []).filter((r) => chosen === null || chosen.has(r.reversaleId))
  const kept = rows.filter((r) => !left.has(r.reversaleId))
  const cents = sum(kept.map((r) => r.cents))
  const proposed = accounts.flatMap((a) => a.reversali.filter((r) => chosen?.has(r.reversaleId))).length
  const unfit = ready.data && chosen !== null ? chosen.size - proposed : 0
  const number = ready.data?.nextNumber ?? 1
  const date = typed === undefined ? today : typed
  const days = kept.map((r) => r.date)
  const last = ready.data?.lastDate ?? null
  const earliest = (last === null ? days : [...days, last]).reduce<IsoDate | null>(
    (a, b) => (a === null ? b : maxDate(a, b)),
    null,
  )
  const dateOk = date !== null && today !== null && date <= today && (earliest === null || date >= earliest)
  const act = `Emetti la distinta ${formatCount(number)}`
  if (ready.data && !account)
    return <NothingToTransmit chosen={chosen?.size ?? 0} exercise={exercise} onClose={onClose} />
  const toggle = (id: number) => {
    const next = new Set(left)
    if (!next.delete(id)) next.add(id)
    setLeft(next)
  }
  return (
    <ConfirmDialog
      opened
      wide
      onClose={onClose}
      title={`${act} per ${formatCents(cents)} €`}
      subtitle={`${counted(kept.length, 'reversale', 'reversali')} dell’esercizio ${exercise} da trasmettere al cassiere.`}
      act={act}
      disabled={!account || kept.length === 0 || !dateOk}
      note="Poi si stampa e si firma, da Registri › Distinte"
      warning={
        <>
          <b className="strong">Una distinta emessa non si modifica</b> e una reversale sta su una sola. Se una
          reversale si annulla dopo, la distinta resta com’è: l’annullamento va detto al cassiere.
        </>
      }
      onConfirm={async () => {
        if (!account || date === null) return
        const done = await client.transmissionList.create({
          exercise,
          bankAccountId: account.bankAccountId,
          reversaleIds: kept.map((r) => r.reversaleId),
          date,
          expectedCents: cents,
        })
        say(
          `Distinta ${formatCount(done.number)}/${exercise} emessa: ${counted(kept.length, 'reversale', 'reversali')} per ${formatCents(cents)} €.`,
        )
        void navigate({ to: '/registri', search: { registro: 'distinte' } as never })
      }}
    >
      <ErrorNote error={ready.error} />
      {unfit > 0 && (
        <p className="note note-info" role="status">
          {unfit === 1
            ? 'Una delle reversali scelte è già su una distinta, o annullata: resta fuori.'
            : `${formatCount(unfit)} delle reversali scelte sono già su una distinta, o annullate: restano fuori.`}
        </p>
      )}
      <div className="transmission-choice">
        {accounts.length > 1 ? (
          <SegmentedControl
            aria-label="Conto"
            data={accounts.map((a) => ({
              value: String(a.bankAccountId),
              label: `${a.account} (${formatCount(a.totals.count)})`,
            }))}
            value={String(account?.bankAccountId ?? '')}
            onChange={(value) => {
              setAccountId(Number(value))
              setLeft(new Set())
            }}
          />
        ) : (
          <span className="ink2">
            Conto <b className="strong">{account?.account ?? ''}</b>
          </span>
        )}
        <DateField label="Data della distinta" value={date} onChange={setTyped} />
      </div>
      {!dateOk && kept.length > 0 && (
        <p className="t-bad small" role="alert">
          La data deve stare tra {earliest === null ? '' : formatDate(earliest)} e{' '}
          {today === null ? '' : formatDate(today)}: non prima della distinta precedente né delle reversali che porta.
        </p>
      )}
      <ScrollBox className="post-table transmission-table" label="Reversali da trasmettere">
        <table className="plain">
          <thead>
            <tr>
              <th>
                <span className="visually-hidden">Sulla distinta</span>
              </th>
              <th className="right">Numero</th>
              <th>Contabile</th>
              <th>{FIELDS.debtor}</th>
              <th>{FIELDS.causale}</th>
              <th className="right">Importo €</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, ROWS_SHOWN).map((r) => (
              <tr key={r.reversaleId} className={left.has(r.reversaleId) ? 'muted' : ''}>
                <td>
                  <Checkbox
                    size="xs"
                    aria-label={`Reversale ${r.number} sulla distinta`}
                    checked={!left.has(r.reversaleId)}
                    onChange={() => toggle(r.reversaleId)}
                  />
                </td>
                <td className="right strong">{formatCount(r.number)}</td>
                <td>
                  <DateText date={r.date} />
                </td>
                <td className="transmission-debtor">{r.debtor}</td>
                <td className="transmission-causale" title={r.causale}>
                  {r.causale}
                </td>
                <td className="right">
                  <Money cents={r.cents} />
                </td>
              </tr>
            ))}
            {rows.length > ROWS_SHOWN && (
              <tr>
                <td colSpan={6} className="muted">
                  e altre {formatCount(rows.length - ROWS_SHOWN)}, tutte sulla distinta
                </td>
              </tr>
            )}
          </tbody>
        </table>
      </ScrollBox>
      <div className="post-sums">
        <span>
          Da trasmettere <Money cents={sum(rows.map((r) => r.cents))} euro />
        </span>
        {kept.length < rows.length && (
          <span className="muted">{counted(rows.length - kept.length, 'lasciata fuori', 'lasciate fuori')}</span>
        )}
        <span>
          Distinta <Money cents={cents} euro strong />
        </span>
      </div>
    </ConfirmDialog>
  )
}

/** There is nothing to decide: why, and where the lists already made are. */
function NothingToTransmit({
  chosen,
  exercise,
  onClose,
}: {
  readonly chosen: number
  readonly exercise: number
  readonly onClose: () => void
}) {
  const why =
    chosen === 0
      ? `Tutte le reversali emesse dell’esercizio ${exercise} sono già su una distinta, oppure non ce n’è ancora nessuna.`
      : chosen === 1
        ? 'La reversale scelta è già su una distinta, o è annullata.'
        : 'Le reversali scelte sono già su una distinta, o sono annullate.'
  return (
    <Sheet opened onClose={onClose} title="Niente da trasmettere" size={460}>
      <p>{why}</p>
      <p className="ink2">
        Le distinte già emesse stanno in{' '}
        <Link to="/registri" search={{ registro: 'distinte' } as never} onClick={onClose}>
          Registri, Distinte
        </Link>
        .
      </p>
      <div className="dialog-foot inset">
        <span />
        <Button onClick={onClose} data-autofocus>
          Torna all’elenco
        </Button>
      </div>
    </Sheet>
  )
}
