import { Button } from '@mantine/core'
import { IconCloudDownload } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { formatDate } from '#domain/date'
import { NODE_READING_WORDS } from '#domain/vocabulary'
import { counted, TimeText } from '../../components/cells.tsx'
import { useKeys } from '../../keys.ts'
import { type Reading, type ReadingKind, receiveNow, useInbox } from './receive-work.ts'

/** «Scarica dal nodo» of a list; off, with the reason, where the connection is not complete. */
export function ReceiveButton({ kind }: { readonly kind: ReadingKind }) {
  const { data } = useInbox()
  const ready = data !== undefined && data.lacks.length === 0
  useKeys(ready ? [{ keys: 'F5', label: 'scarica dal nodo', run: () => receiveNow([kind]) }] : [])
  return (
    <Button
      leftSection={<IconCloudDownload size={16} stroke={1.7} aria-hidden />}
      disabled={!ready}
      {...(data !== undefined && !ready
        ? { title: 'Completa prima il collegamento in Impostazioni › Nodo pagoPA' }
        : {})}
      onClick={() => receiveNow([kind])}
    >
      Scarica dal nodo
    </Button>
  )
}

/** «ultima lettura oggi alle 08:52», or what is wrong with it. */
export function LastReading({ kind }: { readonly kind: ReadingKind }) {
  const { data } = useInbox()
  const reading = data?.readings.find((one) => one.kind === kind)
  if (reading === undefined || data === undefined) return null
  if (reading.lastAt === null && reading.error === null) {
    return data.lacks.length > 0 ? null : <span>dal nodo: mai letto</span>
  }
  return (
    <span>
      {reading.underWay ? (
        'lettura del nodo in corso'
      ) : reading.lastAt === null ? (
        'dal nodo: mai letto fino in fondo'
      ) : (
        <>
          dal nodo: ultima lettura <TimeText at={reading.lastAt} />
        </>
      )}
      {reading.error !== null && (
        <>
          {' · '}
          <Link to="/nodo" className="t-bad">
            si è fermata
          </Link>
        </>
      )}
    </span>
  )
}

/** Days that will soon be, or are, out of reach: said where what is missing would be looked for. */
export function ReadingWarning({ reading, onLeave }: { readonly reading: Reading; readonly onLeave?: () => void }) {
  const { warning, kind } = reading
  if (warning === null) return null
  const what = NODE_READING_WORDS[kind]
  if (warning.level === 'soon') {
    return (
      <div className="note note-warn">
        <div>
          <p className="strong">
            Il nodo non si legge dal {formatDate(warning.from)}:{' '}
            {warning.days === 0 ? 'oggi' : `fra ${counted(warning.days, 'giorno', 'giorni')}`} comincia a dimenticare le{' '}
            {what}
          </p>
          <p>pagoPA le tiene 30 giorni. Leggi adesso: arriva tutto ciò che manca.</p>
        </div>
      </div>
    )
  }
  return (
    <div className="note note-bad">
      <div>
        <p className="strong">
          {kind === 'flows' ? 'I flussi di rendicontazione' : 'Le ricevute'} dal {formatDate(warning.from)} al{' '}
          {formatDate(warning.until)} il nodo non {kind === 'flows' ? 'li' : 'le'} dà più
        </p>
        <p>
          Scarica quei giorni dal Back office pagoPA, o fatteli mandare dal prestatore o dal partner, e importa i file
          da qui: ciò che c’è già non si ripete.
        </p>
        {onLeave && (
          <button type="button" className="link" onClick={onLeave}>
            Fatto: non dirlo più
          </button>
        )}
      </div>
    </div>
  )
}

/** Above a list: only what has to be known. */
export function ListWarning({ kind }: { readonly kind: ReadingKind }) {
  const { data } = useInbox()
  const reading = data?.readings.find((one) => one.kind === kind)
  return reading === undefined ? null : <ReadingWarning reading={reading} />
}
