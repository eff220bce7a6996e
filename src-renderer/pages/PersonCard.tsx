import { Button, SegmentedControl, Select } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { Fragment, useState } from 'react'
import { CATEGORIES, FIELDS, SECTIONS } from '#domain/vocabulary'
import { useAppState } from '../app-state.ts'
import { orpc } from '../client.ts'
import { DateText, formatCount, Money, Mono, NoticeNumberText } from '../components/cells.tsx'
import { ErrorNote } from '../components/ErrorNote.tsx'
import { History } from '../components/History.tsx'
import { Card, Facts, Page } from '../components/Page.tsx'
import { St } from '../components/St.tsx'
import { say } from '../components/toast.ts'
import { useKeys } from '../keys.ts'
import { NoticeDeliveries } from './deliveries/NoticeDeliveries.tsx'
import { Contacts } from './person/Contacts.tsx'
import { Stops } from './person/Stops.tsx'

/** All of a person: what is owed, the dues by year, contacts, one history (picture 10). */
export function PersonCard() {
  const { id } = useParams({ strict: false }) as { id: string }
  const navigate = useNavigate()
  const card = useQuery(orpc.person.get.queryOptions({ input: { id: Number(id) as never } }))
  const [year, setYear] = useState<string>('tutti')
  const [side, setSide] = useState<'history' | 'deliveries'>('history')
  const queries = useQueryClient()
  const today = useAppState().data?.today ?? null
  // In the order of the register; at its ends the card stays where it is.
  const go = async (step: number) => {
    const next = Number(id) + step
    try {
      if (next < 1) throw new RangeError('before the first')
      await queries.fetchQuery(orpc.person.get.queryOptions({ input: { id: next as never } }))
      await navigate({ to: '/persone/$id', params: { id: String(next) }, replace: true })
    } catch {
      say(step < 0 ? 'È la prima persona del registro.' : 'È l’ultima persona del registro.')
    }
  }
  useKeys([
    { keys: 'Ctrl+ArrowUp', label: 'persona precedente', run: () => void go(-1) },
    { keys: 'Ctrl+ArrowDown', label: 'successiva', run: () => void go(1) },
    { keys: 'Escape', label: 'torna all’elenco', run: () => void navigate({ to: '/persone' }) },
  ])
  if (!card.data) {
    return (
      <Page title={SECTIONS.people} back="/persone">
        <ErrorNote error={card.error} />
      </Page>
    )
  }
  const { person, contacts, albo, dues, history } = card.data
  const years = [...new Set(dues.map((d) => d.competenceYear))].sort((a, b) => b - a)
  const shown = years.filter((y) => year === 'tutti' || String(y) === year)
  const alboNow = albo[0]
  const isOverdue = (d: (typeof dues)[number]) =>
    today !== null &&
    d.dueDate !== null &&
    d.dueDate < today &&
    d.state !== 'cancelled' &&
    d.collectedCents < d.dueCents
  const overdue = dues.filter(isOverdue)
  const overdueCents = overdue.reduce((sum, d) => sum + d.dueCents - d.collectedCents, 0)
  const oldest = overdue.map((d) => d.dueDate).sort()[0] ?? null
  return (
    <Page
      title={person.name}
      back="/persone"
      about={[
        person.alboNumber ? `Albo n. ${person.alboNumber}` : null,
        CATEGORIES[person.category].toLowerCase(),
        alboNow ? `dal ${alboNow.from.slice(0, 4)}` : null,
      ]
        .filter(Boolean)
        .join(' · ')}
      actions={
        <>
          <Button aria-label="Persona precedente" onClick={() => void go(-1)}>
            <IconChevronLeft size={16} stroke={1.7} aria-hidden />
          </Button>
          <Button aria-label="Persona successiva" onClick={() => void go(1)}>
            <IconChevronRight size={16} stroke={1.7} aria-hidden />
          </Button>
          <Button
            variant="filled"
            onClick={() => void navigate({ to: '/posizioni', search: { persona: id } as never })}
          >
            Vedi le posizioni
          </Button>
        </>
      }
    >
      <div className="person">
        <div className="person-left">
          <section className="card card-body" aria-label="Da pagare">
            <span className="muted small">Da pagare</span>
            <div className="figure">
              <Money cents={person.outstandingCents} euro />
            </div>
            {overdueCents > 0 && (
              <div className="t-warn">
                <Money cents={overdueCents} euro /> {overdue.length === 1 ? 'scaduti il' : 'scaduti, i primi il'}{' '}
                <DateText date={oldest} />
              </div>
            )}
            <span className="ink2 small">
              su <Money cents={person.dueCents} euro /> dovuti, <Money cents={person.collectedCents} euro /> riscossi
            </span>
          </section>
          <Card title="Anagrafica">
            <Facts
              rows={[
                ['CF', <Mono key="cf">{person.fiscalCode}</Mono>],
                ...(person.vatNumber ? [['P. IVA', <Mono key="iva">{person.vatNumber}</Mono>] as const] : []),
                [FIELDS.category, CATEGORIES[person.category]],
                ...albo.map((a) => [a.albo, `n. ${a.number}, ${a.status}`] as const),
              ]}
            />
          </Card>
          <Contacts
            personId={person.id}
            contacts={contacts}
            foot={<Stops personId={person.id} personName={person.name} />}
          />
        </div>
        <Card
          title="Dovuti e pagamenti"
          grow
          flush
          label="Dovuti e pagamenti"
          actions={
            <Select
              aria-label="Anno"
              w={120}
              value={year}
              onChange={(v) => setYear(v ?? 'tutti')}
              data={[
                { value: 'tutti', label: 'Tutti gli anni' },
                ...years.map((y) => ({ value: String(y), label: String(y) })),
              ]}
            />
          }
          foot={
            <>
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
            </>
          }
        >
          <table className="plain">
            <thead>
              <tr>
                <th className="right">{FIELDS.accertamentoShort}</th>
                <th>{FIELDS.causale}</th>
                <th>{FIELDS.dueDate}</th>
                <th>{FIELDS.state}</th>
                <th className="right">Dovuto €</th>
                <th className="right">Riscosso €</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((y) => {
                const rows = dues.filter((d) => d.competenceYear === y)
                return (
                  <Fragment key={y}>
                    <tr className="subtotal">
                      <td colSpan={4}>{y}</td>
                      <td className="right">
                        <Money cents={rows.reduce((a, d) => a + d.dueCents, 0)} />
                      </td>
                      <td className="right">
                        <Money cents={rows.reduce((a, d) => a + d.collectedCents, 0)} />
                      </td>
                    </tr>
                    {rows.map((d) => (
                      <tr key={d.accertamentoId} className={d.state === 'cancelled' ? 'struck tall' : 'tall'}>
                        <td className="right">{formatCount(d.number)}</td>
                        <td>
                          <div>{d.causale}</div>
                          {d.noticeNumber !== null && (
                            <span className="muted">
                              <NoticeNumberText value={d.noticeNumber} />
                            </span>
                          )}
                        </td>
                        <td className={isOverdue(d) ? 't-warn' : ''} title={isOverdue(d) ? 'scaduta' : undefined}>
                          <DateText date={d.dueDate} />
                          {isOverdue(d) && <div className="small">scaduta</div>}
                        </td>
                        <td>
                          <St family="accertamento" code={d.state} />
                        </td>
                        <td className="right">
                          <Money cents={d.dueCents} />
                        </td>
                        <td className="right">
                          <Money cents={d.collectedCents} />
                        </td>
                      </tr>
                    ))}
                  </Fragment>
                )
              })}
            </tbody>
          </table>
          {dues.length === 0 && <p className="muted card-body">Nessun dovuto registrato.</p>}
        </Card>
        <Card
          title="Storia"
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
              ]}
              onChange={(value) => setSide(value as typeof side)}
            />
          }
        >
          {side === 'history' ? (
            <History lines={history} />
          ) : (
            <NoticeDeliveries personId={person.id} notices none="Nessun avviso consegnato finora." />
          )}
        </Card>
      </div>
    </Page>
  )
}
