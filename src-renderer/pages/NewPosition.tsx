import { TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import type { Id } from '#domain/brand'
import type { IsoDate } from '#domain/date'
import { FIELDS } from '#domain/vocabulary'
import { useAppState, useExercise } from '../app-state.ts'
import { client, orpc } from '../client.ts'
import { DateField } from '../components/fields.tsx'
import { Page } from '../components/Page.tsx'
import { useUnsaved } from '../components/unsaved.ts'
import { useKeys } from '../keys.ts'
import { type Born, Created } from './new-position/Created.tsx'
import { DueRows } from './new-position/DueRows.tsx'
import {
  type Draft,
  dueDateOfDraft,
  emptyDraft,
  MOST_TRANSFERS,
  newPayer,
  proposedDescription,
  readDraft,
  totalOf,
  validityOf,
} from './new-position/draft.ts'
import { NewPayerFields } from './new-position/NewPayerFields.tsx'
import { OpenDebts } from './new-position/OpenDebts.tsx'
import { OtherRows } from './new-position/OtherRows.tsx'
import { PayerCard } from './new-position/PayerCard.tsx'
import { PayerField } from './new-position/PayerField.tsx'
import { PositionSummary } from './new-position/PositionSummary.tsx'
import { PlanFields } from './positions/PlanFields.tsx'

/** Emissione · Nuova posizione: one person, some dues, one notice; from the first field to the last with the keyboard. */
export function NewPosition() {
  const today = useAppState().data?.today
  // The proposals start from the program's own day.
  return today === undefined ? null : <PositionForm today={today} />
}

function PositionForm({ today }: { readonly today: IsoDate }) {
  const exercise = useExercise()
  const { persona, accertamento } = useSearch({ strict: false }) as { persona?: string; accertamento?: string }
  const fresh = (): Draft => ({
    ...emptyDraft(exercise, today),
    payer: persona === undefined ? null : { kind: 'known', id: Number(persona) as Id<'person'> },
  })
  const [first, setFirst] = useState(fresh)
  const [draft, setDraft] = useState(first)
  const [attempt, setAttempt] = useState(() => crypto.randomUUID())
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<unknown>(null)
  const [born, setBorn] = useState<Born | null>(null)
  const form = useRef<HTMLDivElement>(null)
  const hold = useUnsaved(draft !== first && born === null, {
    title: 'La posizione non è ancora creata',
    text: 'Se lasci adesso, ciò che hai scritto qui si perde.',
    act: 'Lascia senza creare',
  })
  const set = (patch: Partial<Draft>) => {
    setFailure(null)
    setDraft((now) => ({ ...now, ...patch }))
  }
  const services = useQuery(orpc.serviceType.list.queryOptions()).data ?? []
  const capitoli = useQuery(orpc.capitolo.list.queryOptions({ input: { exercise } })).data ?? []
  const choices = services
    .filter((s) => s.active && s.pagoPa)
    .map((s) => {
      const capitolo = capitoli.find((c) => c.id === s.capitoloId)
      return { ...s, capitolo: capitolo === undefined ? '' : `cap. ${capitolo.code} ${capitolo.name}` }
    })
  const total = totalOf(draft)
  const dueDate = dueDateOfDraft(draft, choices, today)
  const asWritten = { ...draft, dueDate }
  const validUntil = validityOf(asWritten, exercise, today)
  const read = readDraft(asWritten, validUntil)
  const missing = 'missing' in read ? read.missing : null
  const [asked] = useDebouncedValue('input' in read ? read.input : null, 150)
  const preview = useQuery({
    ...orpc.positionAct.createPreview.queryOptions({ input: asked ?? ({} as never), staleTime: 0 }),
    // What is born is no longer judged: its own identifier would be taken.
    enabled: asked !== null && born === null,
    placeholderData: keepPreviousData,
  })
  const payerId = draft.payer?.kind === 'known' ? draft.payer.id : null
  const payerCard = useQuery(
    orpc.person.get.queryOptions({ input: { id: payerId ?? (1 as Id<'person'>) }, enabled: payerId !== null }),
  )
  const payerName =
    draft.payer?.kind === 'new' ? draft.payer.person.name.trim() : (payerCard.data?.person.name ?? 'chi paga')
  // Where the hand goes next: the field that was filled in is gone from the page.
  const goTo = (part: string) =>
    requestAnimationFrame(() => form.current?.querySelector<HTMLInputElement>(`${part} input`)?.focus())
  const choose = (id: Id<'person'>) => {
    set({ payer: { kind: 'known', id }, ticked: [] })
    goTo('.due-rows')
  }
  const change = () => {
    set({ payer: null, ticked: [] })
    goTo('.new-payer')
  }
  const create = async () => {
    if (busy || born !== null || !('input' in read)) return
    if (preview.data?.problems.some((p) => p.severity === 'error')) return
    setBusy(true)
    setFailure(null)
    try {
      setBorn(await hold.saving(client.positionAct.create({ ...read.input, attempt })))
      hold.letGo()
    } catch (error) {
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }
  const another = () => {
    const next = { ...fresh(), payer: null }
    setFirst(next)
    setDraft(next)
    setAttempt(crypto.randomUUID())
    setBorn(null)
    goTo('.new-payer')
  }
  useKeys([
    { keys: 'Tab', label: 'campo dopo' },
    { keys: 'Ctrl+Enter', label: 'crea la posizione', run: () => void create() },
  ])
  const ownTransfers = Math.max(1, preview.data?.payments[0]?.transfers.filter((t) => t.own).length ?? 1)
  return (
    <Page title="Nuova posizione" about="una persona, i suoi dovuti, un avviso" back="/posizioni">
      <div className="new-position" ref={form}>
        {/* biome-ignore lint/a11y/useSemanticElements: a named part that scrolls, not a set of fields */}
        <div className="card new-form" tabIndex={-1} role="group" aria-label="Nuova posizione">
          <section className="new-part new-payer" aria-label="1 · Chi paga">
            <h2>1 · Chi paga</h2>
            {draft.payer === null && (
              <PayerField
                onChoose={choose}
                onNew={(typed) => set({ payer: { kind: 'new', person: newPayer(typed) } })}
              />
            )}
            {draft.payer?.kind === 'known' && <PayerCard id={draft.payer.id} onLeave={change} />}
            {draft.payer?.kind === 'new' && (
              <>
                <NewPayerFields
                  person={draft.payer.person}
                  onChoose={choose}
                  onChange={(patch) =>
                    set({
                      payer: {
                        kind: 'new',
                        person: { ...(draft.payer as { person: ReturnType<typeof newPayer> }).person, ...patch },
                      },
                    })
                  }
                />
                <button type="button" className="link small" onClick={change}>
                  Cerca invece nel registro
                </button>
              </>
            )}
          </section>
          <section className="new-part" aria-label="2 · Che cosa deve">
            <h2>2 · Che cosa deve</h2>
            {payerId !== null && (
              <OpenDebts
                personId={payerId}
                exercise={exercise}
                start={accertamento === undefined ? null : (Number(accertamento) as Id<'accertamento'>)}
                ticked={draft.ticked}
                onChange={(ticked) => set({ ticked })}
              />
            )}
            <DueRows dues={draft.dues} services={choices} year={exercise} onChange={(dues) => set({ dues })} />
          </section>
          <section className="new-part" aria-label="3 · Quando e come paga">
            <h2>3 · Quando e come paga</h2>
            <div className="form-grid">
              <div className="span-2">
                <DateField
                  label={draft.plan.mode === 'both' ? 'Scadenza in unica soluzione' : FIELDS.dueDate}
                  placeholder="senza"
                  disabled={draft.plan.mode === 'plan'}
                  value={draft.plan.mode === 'plan' ? null : dueDate}
                  onChange={(written) => {
                    // A field that is left says its value again.
                    if (draft.plan.mode !== 'plan' && written !== dueDate) set({ dueDate: written, dueWritten: true })
                  }}
                />
              </div>
              <div className="span-2">
                <DateField label="Valida fino al" value={validUntil} onChange={(validUntil) => set({ validUntil })} />
              </div>
              <TextInput
                className="span-2"
                label="Identificativo dell’ente"
                placeholder="facoltativo"
                maxLength={70}
                value={draft.externalReference}
                onChange={(e) => set({ externalReference: e.currentTarget.value })}
              />
              <TextInput
                className="span-6"
                label="Causale dell’avviso"
                placeholder={proposedDescription(draft) || 'quella della riga'}
                maxLength={140}
                value={draft.description}
                onChange={(e) => set({ description: e.currentTarget.value })}
              />
            </div>
            <PlanFields draft={draft.plan} total={total} validUntil={validUntil} onChange={(plan) => set({ plan })} />
          </section>
          <section className="new-part" aria-label="4 · Altri beneficiari">
            <h2>4 · Altri beneficiari</h2>
            <p className="small ink2 new-about">
              Una parte del pagamento può andare dritta a un altro ente: non è una tua entrata e non ha accertamento.
            </p>
            <OtherRows
              others={draft.others}
              most={MOST_TRANSFERS - ownTransfers}
              onChange={(others) => set({ others })}
            />
          </section>
        </div>
        <PositionSummary
          preview={missing === null ? preview.data : undefined}
          missing={missing}
          error={failure ?? preview.error}
          total={total}
          busy={busy}
          onCreate={() => void create()}
        />
      </div>
      {born && <Created born={born} payer={payerName} onAnother={another} />}
    </Page>
  )
}
