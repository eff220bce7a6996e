import { Button } from '@mantine/core'
import { IconCloudDownload } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { problemText } from '#domain/problem'
import { SECTIONS } from '#domain/vocabulary'
import { client } from '../../client.ts'
import { counted, formatCount, Mono, relativeTime, TimeText } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Card } from '../../components/Page.tsx'
import { ToneText } from '../../components/St.tsx'
import { once } from '../../once.ts'
import { ReadingWarning } from './ReceiveButton.tsx'
import { type InboxState, type Reading, receiveNow, useInbox } from './receive-work.ts'

const NAMES = { receipts: SECTIONS.receipts, flows: SECTIONS.reportingFlows } as const
const PLACES = { receipts: '/ricevute', flows: '/rendicontazioni' } as const
/** Of what cannot be read, shown; the others are counted. */
const SHOWN = 8

/** Part of the page «Nodo»: what comes back, when it was last read, what could not be read. */
export function NodeArrivals() {
  const { data, error } = useInbox()
  const leaveLost = (kind: Reading['kind']) => void once(`lost ${kind}`, () => client.nodeInbox.leaveLost({ kind }))
  if (data === undefined) return <ErrorNote error={error} />
  const { toAssign = 0, raised = 0 } = data.spontaneous
  return (
    <Card
      title="Arrivi"
      about={whenInWords(data)}
      actions={
        data.lacks.length === 0 && (
          <Button
            leftSection={<IconCloudDownload size={16} stroke={1.7} aria-hidden />}
            onClick={() => receiveNow(['receipts', 'flows'])}
          >
            Scarica dal nodo
          </Button>
        )
      }
    >
      {data.lacks.map((lack) => (
        <p key={lack.code + JSON.stringify(lack.params)} className="note note-warn small">
          <span>{problemText(lack)}</span>
        </p>
      ))}
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">Che cosa</th>
            <th scope="col">Ultima lettura</th>
            <th scope="col">Com’è andata</th>
          </tr>
        </thead>
        <tbody>
          {data.readings.map((reading) => (
            <tr key={reading.kind}>
              <td>
                <Link to={PLACES[reading.kind]}>{NAMES[reading.kind]}</Link>
              </td>
              <td>{reading.lastAt === null ? <span className="muted">mai</span> : <TimeText at={reading.lastAt} />}</td>
              <td>
                <Outcome reading={reading} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {data.readings.map((reading) => (
        <ReadingWarning key={reading.kind} reading={reading} onLeave={() => leaveLost(reading.kind)} />
      ))}
      {toAssign + raised > 0 && (
        <p className="small">
          <Link to="/nodo" search={{ vista: 'spontanei' } as never}>
            Pagamenti senza posizione
          </Link>
          {': '}
          {[
            toAssign > 0 ? `${formatCount(toAssign)} da attribuire` : '',
            raised > 0 ? `${formatCount(raised)} da guardare` : '',
          ]
            .filter((part) => part !== '')
            .join(', ')}
          .
        </p>
      )}
      <UnreadList unread={data.unread} />
    </Card>
  )
}

function whenInWords({ everyMinutes, nextAt }: InboxState): string {
  if (everyMinutes === 0) return 'si legge solo quando lo dici tu'
  const every = everyMinutes % 60 === 0 ? counted(everyMinutes / 60, 'ora', 'ore') : `${everyMinutes} minuti`
  const next = nextAt === null ? '' : `, la prossima ${relativeTime(nextAt)}`
  return `si legge all’apertura e ogni ${every === '1 ora' ? 'ora' : every}${next}`
}

function Outcome({ reading: { underWay, error, lastAt } }: { readonly reading: Reading }) {
  if (underWay) return <ToneText tone="info">In corso</ToneText>
  if (error !== null) return <ToneText tone="bad">{error}</ToneText>
  return lastAt === null ? <span className="muted">·</span> : <ToneText tone="ok">Fino in fondo</ToneText>
}

function UnreadList({ unread }: { readonly unread: InboxState['unread'] }) {
  if (unread.length === 0) return null
  const leave = (id: InboxState['unread'][number]['id']) =>
    void once(`unread ${id}`, () => client.nodeInbox.leaveUnread({ id }))
  return (
    <>
      <p className="small">
        <ToneText tone="warn">{counted(unread.length, 'non si legge', 'non si leggono')}</ToneText> Si richiede a ogni
        lettura; intanto puoi importare il file scaricato dal Back office.
      </p>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">Riferimento</th>
            <th scope="col">Perché</th>
            <th scope="col">Ultima prova</th>
            <th scope="col" />
          </tr>
        </thead>
        <tbody>
          {unread.slice(0, SHOWN).map((one) => (
            <tr key={one.id}>
              <td className="nowrap">
                <Mono>{one.reference}</Mono>
              </td>
              <td title={one.reason}>{one.reason}</td>
              <td className="nowrap">
                <TimeText at={one.lastAt} /> <span className="muted">({one.attempts}ª)</span>
              </td>
              <td>
                <button type="button" className="link small" onClick={() => leave(one.id)}>
                  Non richiedere più
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {unread.length > SHOWN && <p className="muted small">e altre {formatCount(unread.length - SHOWN)}</p>}
    </>
  )
}
