import { ActionIcon, Button, Menu, SegmentedControl, Select } from '@mantine/core'
import { IconChevronLeft, IconChevronRight, IconDots, IconNote, IconPlus, IconPrinter } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { CATEGORIES, FIELDS, PERSON_FIELDS, SECTIONS } from '#domain/vocabulary'
import { useAppState } from '../app-state.ts'
import { client, orpc } from '../client.ts'
import { DateText, Money, Mono } from '../components/cells.tsx'
import { ErrorNote } from '../components/ErrorNote.tsx'
import { printFile, saveFile } from '../components/files.ts'
import { History } from '../components/History.tsx'
import { Card as Box, Facts, Page } from '../components/Page.tsx'
import { ScrollBox } from '../components/ScrollBox.tsx'
import { ToneText } from '../components/St.tsx'
import { say, sayFailure } from '../components/toast.ts'
import { Views } from '../components/Views.tsx'
import { useKeys } from '../keys.ts'
import { CartList } from './cart/CartList.tsx'
import { PayNow } from './cart/PayNow.tsx'
import { NoticeDeliveries } from './deliveries/NoticeDeliveries.tsx'
import { AlboSheet } from './person/AlboSheet.tsx'
import { Contacts } from './person/Contacts.tsx'
import { type Card, type Due, isOverdue, isPaid, type PersonId } from './person/card.ts'
import { DueActions, Dues } from './person/Dues.tsx'
import { EraseDialog } from './person/EraseDialog.tsx'
import { IdentityForm } from './person/IdentityForm.tsx'
import { MergeSheet } from './person/MergeSheet.tsx'
import { MergeWith } from './person/MergeWith.tsx'
import { Notes } from './person/Notes.tsx'
import { OwedCard } from './person/OwedCard.tsx'
import { Papers } from './person/Papers.tsx'
import { Payments } from './person/Payments.tsx'
import { Stops } from './person/Stops.tsx'
import { type AskedAct, PositionActs } from './positions/PositionActs.tsx'

type Asked = 'identity' | 'albo' | 'erase' | 'mergeWith' | { readonly merge: PersonId } | null
type Middle = 'dues' | 'payments' | 'papers'
type Side = 'history' | 'deliveries' | 'notes'

/** All of a person: what is owed, the dues by year, contacts, papers, one history (picture 10). */
export function PersonCard() {
  const { id } = useParams({ strict: false }) as { id: string }
  const navigate = useNavigate()
  const card = useQuery(orpc.person.get.queryOptions({ input: { id: Number(id) as never } }))
  const shown = card.data?.person.id
  // Whoever was merged is one with the survivor: the address says whose card this is.
  useEffect(() => {
    if (shown !== undefined && String(shown) !== id) {
      void navigate({ to: '/persone/$id', params: { id: String(shown) }, replace: true })
    }
  }, [shown, id, navigate])
  if (!card.data) {
    return (
      <Page title={SECTIONS.people} back="/persone">
        <ErrorNote error={card.error} />
      </Page>
    )
  }
  return <OpenCard key={card.data.person.id} card={card.data} />
}

function OpenCard({ card }: { readonly card: Card }) {
  const { person, contacts, albo, dues, history } = card
  const navigate = useNavigate()
  const queries = useQueryClient()
  const today = useAppState().data?.today ?? null
  const [year, setYear] = useState('tutti')
  const [middle, setMiddle] = useState<Middle>('dues')
  const [side, setSide] = useState<Side>('history')
  const [asked, setAsked] = useState<Asked>(null)
  const [act, setAct] = useState<AskedAct | null>(null)
  const [chosen, setChosen] = useState<number | null>(null)
  const [paying, setPaying] = useState(false)
  const years = [...new Set(dues.map((d) => d.competenceYear))].sort((a, b) => b - a)
  const yearsShown = years.filter((y) => year === 'tutti' || String(y) === year)
  const rows = yearsShown.flatMap((y) => dues.filter((d) => d.competenceYear === y))
  // The first that waits to be paid, until another one is chosen.
  const current =
    rows.find((d) => d.accertamentoId === chosen) ?? rows.find((d) => isOverdue(d, today)) ?? rows.find(isOpen) ?? null
  const erased = person.erasedAt !== null
  const payable = dues.some((d) => isOpen(d) && d.debtPositionId !== null && d.lifecycle === 'issued' && !isPaid(d))
  const go = async (step: number) => {
    // In the order of the register, over whoever was merged; at its ends the card stays where it is.
    for (let next = person.id + step, tries = 0; next >= 1 && tries < 50; next += step, tries += 1) {
      try {
        const found = await queries.fetchQuery(orpc.person.get.queryOptions({ input: { id: next as never } }))
        if (found.person.id !== next) continue
        await navigate({ to: '/persone/$id', params: { id: String(next) }, replace: true })
        return
      } catch {
        break
      }
    }
    say(step < 0 ? 'È la prima persona del registro.' : 'È l’ultima persona del registro.')
  }
  const newPosition = () => void navigate({ to: '/posizioni/nuova', search: { persona: String(person.id) } as never })
  const print = () => void client.person.print({ id: person.id }).then(printFile).catch(sayFailure)
  const move = (step: number) => {
    const at = current === null ? -1 : rows.indexOf(current)
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + step))]
    if (middle === 'dues' && next !== undefined) setChosen(next.accertamentoId)
  }
  useKeys([
    { keys: 'Ctrl+ArrowUp', label: 'persona precedente', run: () => void go(-1) },
    { keys: 'Ctrl+ArrowDown', label: 'successiva', run: () => void go(1) },
    { keys: 'ArrowUp', label: 'dovuto prima', quiet: true, run: () => move(-1) },
    { keys: 'ArrowDown', label: 'dovuto dopo', quiet: true, run: () => move(1) },
    ...(erased ? [] : [{ keys: 'A', label: 'nuova posizione', run: newPosition }]),
    { keys: 'N', label: 'nota', run: () => setSide('notes') },
    { keys: 'Ctrl+P', label: 'stampa scheda', run: print },
    { keys: 'Escape', label: 'torna all’elenco', run: () => void navigate({ to: '/persone' }) },
  ])
  const exportData = async () => {
    try {
      const { workbook, json } = await client.person.exportData({ id: person.id })
      await saveFile(workbook)
      await saveFile(json)
      say('Esportati: una cartella di lavoro da leggere e gli stessi dati in JSON.')
    } catch (error) {
      sayFailure(error)
    }
  }
  const alboNow = albo.find((a) => a.to === null)
  return (
    <Page
      title={person.name}
      back="/persone"
      about={[
        alboNow ? `${alboNow.albo} n. ${alboNow.number}` : null,
        CATEGORIES[person.category].toLowerCase(),
        alboNow ? `dal ${alboNow.from.slice(0, 4)}` : null,
      ]
        .filter((text) => text !== null)
        .join(' · ')}
      actions={
        <>
          <Button aria-label="Persona precedente" onClick={() => void go(-1)}>
            <IconChevronLeft size={16} stroke={1.7} aria-hidden />
          </Button>
          <Button aria-label="Persona successiva" onClick={() => void go(1)}>
            <IconChevronRight size={16} stroke={1.7} aria-hidden />
          </Button>
          <Button leftSection={<IconPrinter size={16} stroke={1.7} aria-hidden />} onClick={print}>
            Stampa scheda
          </Button>
          {!erased && (
            <Button
              leftSection={<IconNote size={16} stroke={1.7} aria-hidden />}
              onClick={() => setSide(side === 'notes' ? 'history' : 'notes')}
            >
              Annota
            </Button>
          )}
          <Menu position="bottom-end" transitionProps={{ duration: 0 }} withInitialFocusPlaceholder={false} width={250}>
            <Menu.Target>
              <ActionIcon aria-label="Altre azioni sulla persona" title="Altre azioni sulla persona">
                <IconDots size={16} stroke={1.7} aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item
                onClick={() => void navigate({ to: '/posizioni', search: { persona: String(person.id) } as never })}
              >
                Tutte le sue posizioni
              </Menu.Item>
              {!erased && <Menu.Item onClick={() => setAsked('mergeWith')}>Unisci con un’altra scheda…</Menu.Item>}
              <Menu.Divider />
              <Menu.Item onClick={() => void exportData()}>Esporta i dati personali</Menu.Item>
              {!erased && (
                <Menu.Item className="danger" onClick={() => setAsked('erase')}>
                  Cancella i dati personali…
                </Menu.Item>
              )}
            </Menu.Dropdown>
          </Menu>
          {!erased && (
            <Button
              variant="filled"
              leftSection={<IconPlus size={16} stroke={1.7} aria-hidden />}
              onClick={newPosition}
            >
              Nuova posizione…
            </Button>
          )}
        </>
      }
    >
      <div className="person">
        <div className="person-left">
          <OwedCard
            card={card}
            today={today}
            onMerge={() => void navigate({ to: '/persone/doppioni' })}
            onPay={payable ? () => setPaying(true) : null}
          />
          <Box
            title="Anagrafica"
            actions={
              erased ? undefined : (
                <button type="button" className="link" onClick={() => setAsked('identity')}>
                  Modifica
                </button>
              )
            }
          >
            {erased && (
              <p className="person-state">
                <ToneText tone="neu">Cancellata ai sensi del GDPR</ToneText>{' '}
                <span className="muted small">
                  il <DateText date={person.erasedAt?.slice(0, 10) ?? null} />: nome e codice fiscale restano nei libri
                </span>
              </p>
            )}
            <Facts
              rows={[
                ['CF', person.fiscalCode === null ? 'manca' : <Mono key="cf">{person.fiscalCode}</Mono>],
                ...(person.vatNumber ? [['P. IVA', <Mono key="iva">{person.vatNumber}</Mono>] as const] : []),
                [PERSON_FIELDS.category, CATEGORIES[person.category]],
                ...(erased
                  ? []
                  : [
                      [
                        FIELDS.albo.replace(' n.', ''),
                        <span key="albo">
                          {alboNow
                            ? [alboNow.section === null ? null : `sez. ${alboNow.section}`, alboNow.status]
                                .filter((text) => text !== null)
                                .join(', ')
                            : 'nessuna iscrizione'}{' '}
                          <button type="button" className="link" onClick={() => setAsked('albo')}>
                            {alboNow ? 'Cambia' : 'Aggiungi'}
                          </button>
                        </span>,
                      ] as const,
                    ]),
              ]}
            />
            {card.merged.map((other) => (
              <p key={other.id} className="small person-merged">
                Unita a {other.name}
                {other.fiscalCode !== null && other.fiscalCode !== person.fiscalCode && (
                  <>
                    {' '}
                    <Mono>{other.fiscalCode}</Mono>
                  </>
                )}
                .{' '}
                <button
                  type="button"
                  className="link"
                  onClick={() =>
                    void client.person
                      .separate({ id: other.id })
                      .then(() => say(`${other.name}: di nuovo due schede.`))
                      .catch(sayFailure)
                  }
                >
                  Separa
                </button>
              </p>
            ))}
          </Box>
          <Contacts
            personId={person.id}
            contacts={erased ? [] : contacts}
            fixed={erased}
            foot={erased ? undefined : <Stops personId={person.id} personName={person.name} />}
          />
        </div>
        <section className="card grow person-middle" aria-label="Dovuti e pagamenti">
          <Views
            label="Che cosa si vede"
            tabs={[
              { id: 'dues', label: 'Dovuti', count: dues.length },
              { id: 'payments', label: 'Pagamenti' },
              { id: 'papers', label: 'Documenti' },
            ]}
            value={middle}
            onChange={(next) => setMiddle(next as Middle)}
            right={
              middle === 'dues' && years.length > 1 ? (
                <Select
                  aria-label="Anno"
                  w={130}
                  value={year}
                  allowDeselect={false}
                  onChange={(v) => setYear(v ?? 'tutti')}
                  data={[
                    { value: 'tutti', label: 'Tutti gli anni' },
                    ...years.map((y) => ({ value: String(y), label: String(y) })),
                  ]}
                />
              ) : undefined
            }
          />
          <ScrollBox className="card-flush" label="Elenco">
            {middle === 'dues' && (
              <Dues
                dues={dues}
                years={yearsShown}
                today={today}
                current={current}
                onCurrent={(d) => setChosen(d.accertamentoId)}
              />
            )}
            {middle === 'payments' && (
              <>
                <CartList
                  of={{ personId: person.id }}
                  pay={{ personId: person.id }}
                  frame={(list) => (
                    <section className="person-carts" aria-label="Link «Paga ora»">
                      <h3>Link «Paga ora»</h3>
                      {list}
                    </section>
                  )}
                />
                <Payments personId={person.id} />
              </>
            )}
            {middle === 'papers' && <Papers personId={person.id} />}
          </ScrollBox>
          {middle === 'dues' && (
            <div className="person-acts">
              <DueActions
                due={current}
                personId={person.id}
                onAct={(name, due) =>
                  due.debtPositionId !== null &&
                  setAct({ name, selection: { ids: [due.debtPositionId] }, one: due.debtPositionId })
                }
              />
            </div>
          )}
          <footer className="card-foot">
            <span className="foot-gap" />
            <span className="muted small">
              dovuto <Money cents={person.dueCents} />
            </span>
            <span className="muted small">
              riscosso <Money cents={person.collectedCents} />
            </span>
            <span>
              Da riscuotere <Money cents={person.outstandingCents} euro strong />
            </span>
          </footer>
        </section>
        <Box
          title={side === 'notes' ? 'Note' : side === 'deliveries' ? 'Consegne' : 'Storia'}
          grow
          label="Storia"
          actions={
            <SegmentedControl
              aria-label="Che cosa della storia"
              size="xs"
              value={side}
              data={[
                { value: 'history', label: 'Tutto' },
                { value: 'deliveries', label: 'Consegne' },
                { value: 'notes', label: card.notes.length === 0 ? 'Note' : `Note ${card.notes.length}` },
              ]}
              onChange={(value) => setSide(value as Side)}
            />
          }
        >
          {side === 'history' && <History lines={history} />}
          {side === 'deliveries' && (
            <NoticeDeliveries personId={person.id} notices none="Nessun avviso consegnato finora." />
          )}
          {side === 'notes' && <Notes card={card} writing={side === 'notes'} />}
        </Box>
      </div>
      {asked === 'identity' && (
        <IdentityForm person={person} onClose={() => setAsked(null)} onSaved={() => setAsked(null)} />
      )}
      {asked === 'albo' && (
        <AlboSheet personId={person.id} entries={albo} today={today} onClose={() => setAsked(null)} />
      )}
      {asked === 'mergeWith' && (
        <MergeWith personId={person.id} onClose={() => setAsked(null)} onChosen={(merge) => setAsked({ merge })} />
      )}
      {asked !== null && typeof asked === 'object' && (
        <MergeSheet
          firstId={person.id}
          secondId={asked.merge}
          onClose={() => setAsked(null)}
          onMerged={(merged) => {
            setAsked(null)
            void navigate({ to: '/persone/$id', params: { id: String(merged) }, replace: true })
          }}
        />
      )}
      {asked === 'erase' && (
        <EraseDialog
          id={person.id}
          onClose={() => setAsked(null)}
          onErased={(wholly) => {
            setAsked(null)
            say('Dati personali cancellati.')
            if (wholly) void navigate({ to: '/persone' })
          }}
        />
      )}
      {paying && <PayNow of={{ personId: person.id }} onClose={() => setPaying(false)} />}
      {act && <PositionActs asked={act} onClose={() => setAct(null)} onDone={() => setAct(null)} />}
    </Page>
  )
}

function isOpen(due: Due): boolean {
  return due.state === 'outstanding' || due.state === 'partlyCollected'
}
