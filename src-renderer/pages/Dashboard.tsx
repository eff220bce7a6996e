import { Button, SegmentedControl } from '@mantine/core'
import type { InferContractRouterOutputs } from '@orpc/contract'
import { IconArrowRight, IconBuildingBank, IconChevronRight, IconPrinter, IconReceiptEuro } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import type { Contract } from '#contract/contract'
import { SECTIONS } from '#domain/vocabulary'
import { useAppState, useExercise } from '../app-state.ts'
import { orpc } from '../client.ts'
import { formatCount, Money, relativeTime, TimeText } from '../components/cells.tsx'
import { ErrorNote } from '../components/ErrorNote.tsx'
import { Key } from '../components/Key.tsx'
import { Card, Page } from '../components/Page.tsx'
import { ToneText, toneIcon } from '../components/St.tsx'
import { openRoute } from '../frame/routes.ts'
import { useUnreachable } from '../frame/StatusBar.tsx'
import { useKeys } from '../keys.ts'

const Chart = lazy(() => import('./dashboard/MonthsChart.tsx').then((m) => ({ default: m.MonthsChart })))

type Data = InferContractRouterOutputs<Contract>['dashboard']['get']

const ROAD: Readonly<Record<Data['road'][number]['step'], { readonly label: string; readonly to: string }>> = {
  accertato: { label: 'Accertato', to: '/accertamenti' },
  emesso: { label: 'Avvisi emessi', to: '/posizioni' },
  consegnato: { label: 'Consegnati', to: '/consegne' },
  pagato: { label: 'Pagati su pagoPA', to: '/rendicontazioni' },
  riconciliato: { label: 'Riconciliati', to: '/riconciliazione' },
  reversali: { label: 'Reversali emesse', to: '/reversali' },
}

/** What do I do now? The road, the next step, at most five things to do, the chart, the capitoli (picture 01). */
export function Dashboard() {
  const exercise = useExercise()
  const navigate = useNavigate()
  const today = useAppState().data?.today
  const query = useQuery(orpc.dashboard.get.queryOptions({ input: { exercise } }))
  const data = query.data
  const todo = data?.todo.slice(0, 5) ?? []
  useKeys([
    ...todo.map((item, i) => ({
      keys: String(i + 1),
      label: item.title,
      quiet: true,
      run: () => openRoute(navigate, item.route),
    })),
    ...(todo.length > 0
      ? [{ keys: todo.length === 1 ? ['1'] : ['1', '…', String(todo.length)], label: 'apri una voce da fare' }]
      : []),
    { keys: 'I', label: 'importa estratto conto', run: () => void navigate({ to: '/estratti-conto' }) },
    { keys: 'Ctrl+K', label: 'cerca o comanda' },
    { keys: 'F1', label: 'aiuto' },
    { keys: 'Ctrl+P', label: 'stampa', run: () => window.print(), quiet: true },
  ])
  return (
    <Page
      title={SECTIONS.dashboard}
      about={today ? longDate(today) : undefined}
      actions={
        <>
          <Button
            leftSection={<IconBuildingBank size={16} stroke={1.7} aria-hidden />}
            onClick={() => void navigate({ to: '/estratti-conto' })}
          >
            Importa estratto conto
          </Button>
          <Button leftSection={<IconPrinter size={16} stroke={1.7} aria-hidden />} onClick={() => window.print()}>
            Stampa
          </Button>
        </>
      }
    >
      <ErrorNote error={query.error} />
      {data && (
        <div className="dash">
          <Road road={data.road} />
          <div className="dash-left">
            <section className="card next-step" aria-label="Prossimo passo">
              <IconReceiptEuro size={24} stroke={1.5} className="t-acc" aria-hidden />
              <div>
                <h2>
                  Prossimo passo: {data.nextStep.title.charAt(0).toLocaleLowerCase('it') + data.nextStep.title.slice(1)}
                </h2>
                <p>{data.nextStep.text}</p>
              </div>
              <Button
                variant="filled"
                size="sm"
                rightSection={<IconArrowRight size={16} stroke={1.7} aria-hidden />}
                onClick={() => openRoute(navigate, data.nextStep.route)}
              >
                {data.nextStep.button}
              </Button>
            </section>
            <Todo todo={todo} checks={data.checks} />
            <Card
              title="Ultime attività"
              grow
              flush
              label="Ultime attività"
              actions={<Link to="/giornale">Tutto il giornale</Link>}
            >
              <ul className="activity">
                {data.activity.map((a, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: two acts may share instant and text
                  <li key={`${a.at}-${i}`}>
                    <span className="muted">
                      <TimeText at={a.at} />
                    </span>
                    <span className="ink2 cut">{a.operator}</span>
                    <span className="cut" title={a.text}>
                      {a.text}
                    </span>
                  </li>
                ))}
                {data.activity.length === 0 && <li className="muted">Ancora niente.</li>}
              </ul>
            </Card>
          </div>
          <div className="dash-right">
            <Months data={data} exercise={exercise} />
            <Capitoli capitoli={data.capitoli} />
          </div>
        </div>
      )}
    </Page>
  )
}

function Road({ road }: { readonly road: Data['road'] }) {
  return (
    <ol className="card road-strip" aria-label="La strada delle quote">
      {road.map((stop, i) => {
        const { label, to } = ROAD[stop.step]
        return (
          <li key={stop.step}>
            {i > 0 && <IconChevronRight size={14} stroke={1.7} className="road-arrow" aria-hidden />}
            <Link to={to}>
              <span className="road-label">{label}</span>
              <span className="road-count">{formatCount(stop.count)}</span>
              {stop.hanging !== null ? (
                <span className="t-warn small">{stop.hanging}</span>
              ) : (
                <span className="ink2 small">{stop.cents === null ? '' : <Money cents={stop.cents} euro />}</span>
              )}
            </Link>
          </li>
        )
      })}
    </ol>
  )
}

function Todo({ todo, checks }: { readonly todo: Data['todo']; readonly checks: Data['checks'] }) {
  const navigate = useNavigate()
  const unreachable = useUnreachable()
  return (
    <Card title="Da fare ora" about="in ordine d’urgenza" flush label="Da fare ora">
      <ul className="todo">
        {todo.map((item, i) => {
          const Shape = toneIcon(item.tone)
          return (
            <li key={item.kind + item.title}>
              <Key keys={String(i + 1)} />
              <Shape size={18} stroke={1.6} className={`t-${item.tone}`} aria-hidden />
              <div className="todo-text">
                <span className="strong cut">{item.title}</span>
                <span className="ink2 small cut" title={item.text}>
                  {item.text}
                </span>
              </div>
              {item.cents !== null && <Money cents={item.cents} euro strong />}
              <Button miw={92} px={8} onClick={() => openRoute(navigate, item.route)}>
                {item.button}
              </Button>
            </li>
          )
        })}
        {todo.length === 0 && <li className="ink2">Niente che aspetti: tutto è in ordine.</li>}
      </ul>
      {unreachable !== null && (
        <div className="checks">
          <ToneText tone="warn">
            {`Il nodo pagoPA non si raggiunge, ${relativeTime(unreachable.at)}: ciò che aspetta parte da sé quando risponde.`}
          </ToneText>
        </div>
      )}
      {checks.length > 0 && (
        <div className="checks">
          {checks.map((c) => (
            <ToneText key={c.text} tone={c.ok ? 'ok' : 'bad'}>
              {c.text}
            </ToneText>
          ))}
        </div>
      )}
    </Card>
  )
}

function Months({ data, exercise }: { readonly data: Data; readonly exercise: number }) {
  const [which, setWhich] = useState<'competenza' | 'residui'>('competenza')
  const months = which === 'competenza' ? data.months : data.residuiMonths
  const last = months.findLast((m) => m.issuedCents !== null)
  const totals =
    which === 'competenza'
      ? data.totals
      : {
          issuedCents: last?.issuedCents ?? 0,
          collectedCents: last?.collectedCents ?? 0,
          outstandingCents: (last?.issuedCents ?? 0) - (last?.collectedCents ?? 0),
        }
  return (
    <Card
      title="Emesso, riscosso, da riscuotere"
      label="Emesso, riscosso, da riscuotere per mese"
      actions={
        <SegmentedControl
          aria-label="Provenienza"
          value={which}
          onChange={(v) => setWhich(v as typeof which)}
          data={[
            { value: 'competenza', label: 'Competenza' },
            { value: 'residui', label: 'Residui' },
          ]}
        />
      }
    >
      <div className="legend">
        <span>
          <i className="swatch collected" /> Riscosso <Money cents={totals.collectedCents} strong />
        </span>
        <span>
          <i className="swatch outstanding" /> Da riscuotere <Money cents={totals.outstandingCents} strong />
        </span>
        <span>
          Emesso <Money cents={totals.issuedCents} strong />
        </span>
      </div>
      <div className="chart">
        {months.some((m) => (m.issuedCents ?? 0) > 0 || (m.lastYearCollectedCents ?? 0) > 0) ? (
          <Suspense fallback={null}>
            <Chart months={months} />
          </Suspense>
        ) : (
          <p className="muted chart-none">
            {which === 'competenza'
              ? 'Comincia con le prime quote dell’esercizio.'
              : 'Nessun residuo in questo esercizio.'}
          </p>
        )}
      </div>
      <p className="muted small chart-note">
        Somme a fine mese in euro
        {months.some((m) => m.lastYearCollectedCents !== null)
          ? `; la linea tratteggiata è il riscosso del ${exercise - 1}.`
          : '.'}
      </p>
    </Card>
  )
}

function Capitoli({ capitoli }: { readonly capitoli: Data['capitoli'] }) {
  return (
    <Card
      title="Capitoli d’entrata"
      grow
      flush
      label="Capitoli d’entrata"
      actions={<Link to="/registri">Apri il mastro</Link>}
    >
      <table className="plain fixed">
        <colgroup>
          <col style={{ width: 52 }} />
          <col />
          <col style={{ width: 98 }} />
          <col style={{ width: 98 }} />
          <col style={{ width: 98 }} />
        </colgroup>
        <thead>
          <tr>
            <th>Cap.</th>
            <th>Descrizione</th>
            <th className="right">Accertato €</th>
            <th className="right">Riscosso €</th>
            <th className="right">Da risc. €</th>
          </tr>
        </thead>
        <tbody>
          {capitoli.map((c) => (
            <tr key={c.code}>
              <td>{c.code}</td>
              <td title={c.name}>{c.name}</td>
              <td className="right">
                <Money cents={c.accertatoCents} />
              </td>
              <td className="right">
                <Money cents={c.riscossoCents} />
              </td>
              <td className="right">
                <Money cents={c.daRiscuotereCents} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  )
}

const LONG_DATE = new Intl.DateTimeFormat('it-IT', {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
})

function longDate(date: string): string {
  return LONG_DATE.format(new Date(`${date}T00:00:00Z`))
}
