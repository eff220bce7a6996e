import { Button, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Id } from '#domain/brand'
import { CHANNELS } from '#domain/vocabulary'
import { client } from '../../client.ts'
import { emailError } from '../../components/checks.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { Facts } from '../../components/Page.tsx'
import { Sheet } from '../../components/Sheet.tsx'
import { say } from '../../components/toast.ts'
import { AddressText } from './AddressText.tsx'
import { leftOutWords } from './delivery-work.ts'

export interface FailingAddress {
  readonly personId: Id<'person'>
  readonly personName: string
  readonly channel: 'email' | 'pec'
  readonly address: string
  readonly reason: string | null
  /** The delivery to be sent again to the new address; null only corrects. */
  readonly deliveryId: Id<'delivery'> | null
}

/** A wrong address put right in place; the old one stays in the person's history as failed. */
export function FixAddress({ failing, onClose }: { readonly failing: FailingAddress; readonly onClose: () => void }) {
  const { personName, channel, address, deliveryId } = failing
  const [value, setValue] = useState(address)
  const [again, setAgain] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const wrong = emailError(value)
  const next = value.trim()
  const ready = next !== '' && next !== address && wrong === null
  const save = async (resend: boolean) => {
    setAgain(true)
    setError(null)
    try {
      await client.person.saveContact({ personId: failing.personId, kind: channel, value: next })
      if (resend && deliveryId !== null) {
        const { queued, leftOut } = await client.delivery.retry({ ids: [deliveryId] })
        say(
          queued === 1
            ? `${personName}: recapito corretto, l’avviso riparte.`
            : `${personName}: recapito corretto. L’avviso non riparte: ${leftOutWords(leftOut)}.`,
        )
      } else say(`${personName}: recapito corretto.`)
      onClose()
    } catch (failure) {
      setError(failure)
    } finally {
      setAgain(false)
    }
  }
  return (
    <Sheet opened onClose={onClose} title={`Correggi ${channel === 'pec' ? 'la PEC' : 'l’e-mail'} di ${personName}`}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          if (ready && !again) void save(deliveryId !== null)
        }}
      >
        <Facts
          rows={[
            ['Non funziona', <AddressText key="a" address={address} />],
            ...(failing.reason ? [['Perché', failing.reason] as const] : []),
          ]}
        />
        <TextInput
          label={`Nuovo indirizzo ${CHANNELS[channel] === 'PEC' ? 'PEC' : 'e-mail'}`}
          data-autofocus
          value={value}
          error={wrong}
          onChange={(e) => setValue(e.currentTarget.value)}
        />
        <p className="muted small">
          Quello vecchio resta nella{' '}
          <Link to="/persone/$id" params={{ id: String(failing.personId) }}>
            scheda
          </Link>
          , chiuso da oggi.
        </p>
        <ErrorNote error={error} />
        <div className="dialog-foot inset">
          <Button onClick={onClose} disabled={again}>
            Lascia
          </Button>
          {deliveryId !== null && (
            <Button disabled={!ready || again} onClick={() => void save(false)}>
              Correggi soltanto
            </Button>
          )}
          <Button type="submit" variant="filled" disabled={!ready} loading={again}>
            {deliveryId === null ? 'Correggi il recapito' : 'Correggi e rispedisci'}
          </Button>
        </div>
      </form>
    </Sheet>
  )
}
