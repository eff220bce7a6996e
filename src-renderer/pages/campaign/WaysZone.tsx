import { Button, Checkbox, Select } from '@mantine/core'
import { IconFolder, IconLock, IconSend } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Id } from '#domain/brand'
import { CHANNELS } from '#domain/vocabulary'
import { counted, formatCount } from '../../components/cells.tsx'
import { FolderPicker } from '../../components/FolderPicker.tsx'
import { Key } from '../../components/Key.tsx'
import { LeftOut } from '../positions/LeftOut.tsx'
import type { CampaignPreview, MailAccount, Ways } from './campaign-form.ts'

/** Zones 3 and 4: by which channels and from where, and live who gets it and who does not. */
export function WaysZone({
  ways,
  onChange,
  accounts,
  preview,
  missing,
  total,
  onStart,
}: {
  readonly ways: Ways
  readonly onChange: (patch: Partial<Ways>) => void
  readonly accounts: readonly MailAccount[]
  readonly preview: CampaignPreview | undefined
  readonly missing: string | null
  readonly total: number
  readonly onStart: () => void
}) {
  const [picking, setPicking] = useState(false)
  return (
    <section className="card grow" aria-label="3 · Canali e 4 · Riepilogo">
      <header className="card-head">
        <h2>3 · Canali</h2>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      {/* biome-ignore lint/a11y/useSemanticElements: a named part that scrolls, not a set of fields */}
      <div className="card-body" tabIndex={0} role="group" aria-label="3 · Canali">
        <div className="zone-fields">
          <MailWay
            kind="pec"
            checked={ways.pec}
            accounts={accounts}
            accountId={ways.pecAccountId}
            onCheck={(pec) => onChange({ pec })}
            onAccount={(pecAccountId) => onChange({ pecAccountId })}
          />
          <MailWay
            kind="email"
            checked={ways.email}
            accounts={accounts}
            accountId={ways.emailAccountId}
            onCheck={(email) => onChange({ email })}
            onAccount={(emailAccountId) => onChange({ emailAccountId })}
          />
          <div className="channel-choice">
            <Checkbox
              label={CHANNELS.folder}
              description="Un PDF per avviso, con codice fiscale, anno e IUV nel nome."
              checked={ways.folder}
              onChange={(e) => onChange({ folder: e.currentTarget.checked })}
            />
            {ways.folder && (
              <div className="folder-choice">
                <Button
                  leftSection={<IconFolder size={15} stroke={1.7} aria-hidden />}
                  onClick={() => setPicking(true)}
                >
                  {ways.place === null ? 'Scegli la cartella…' : 'Cambia…'}
                </Button>
                {ways.place && (
                  <span className="mono cut" title={ways.place.place}>
                    {ways.place.place}
                  </span>
                )}
              </div>
            )}
          </div>
          {ways.pec && ways.email && (
            <p className="small ink2">Chi ha sia PEC sia e-mail riceve l’avviso da tutte e due.</p>
          )}
          {missing === null && preview && <LeftOut reasons={preview.leftOut} />}
        </div>
      </div>
      <div className="generate-summary" aria-live="polite">
        <h2>4 · {total === 1 ? 'Parte 1 consegna' : `Partono ${formatCount(total)} consegne`}</h2>
        <dl>
          {preview?.channels.map((c) => (
            <div key={c.channel}>
              <dt>{CHANNELS[c.channel]}</dt>
              <dd className="num">{formatCount(c.count)}</dd>
            </div>
          ))}
        </dl>
        <p className="generate-lock">
          <IconLock size={15} stroke={1.7} aria-hidden />
          <span>Un messaggio partito non si richiama. Quelli non ancora partiti si possono fermare.</span>
        </p>
        {missing !== null && <p className="t-bad small generate-why">{missing}</p>}
        <Button
          variant="filled"
          fullWidth
          size="sm"
          disabled={missing !== null || total === 0}
          leftSection={<IconSend size={16} stroke={1.7} aria-hidden />}
          rightSection={<Key keys="Ctrl+Enter" />}
          onClick={onStart}
        >
          Avvia {counted(total, 'consegna', 'consegne')}…
        </Button>
      </div>
      <FolderPicker opened={picking} onClose={() => setPicking(false)} onPick={(place) => onChange({ place })} />
    </section>
  )
}

function MailWay({
  kind,
  checked,
  accounts,
  accountId,
  onCheck,
  onAccount,
}: {
  readonly kind: 'pec' | 'email'
  readonly checked: boolean
  readonly accounts: readonly MailAccount[]
  readonly accountId: Id<'mailAccount'> | null
  readonly onCheck: (checked: boolean) => void
  readonly onAccount: (id: Id<'mailAccount'> | null) => void
}) {
  const own = accounts.filter((a) => a.kind === kind)
  return (
    <div className="channel-choice">
      <Checkbox
        label={CHANNELS[kind]}
        checked={checked}
        disabled={own.length === 0}
        onChange={(e) => onCheck(e.currentTarget.checked)}
      />
      {own.length === 0 && (
        <span className="small ink2">
          Nessun account {kind === 'pec' ? CHANNELS.pec : CHANNELS.email.toLowerCase()}:{' '}
          <Link to="/impostazioni/$voce" params={{ voce: 'posta' }}>
            aggiungilo
          </Link>
        </span>
      )}
      {checked && own.length > 0 && (
        <Select
          aria-label={`Account ${CHANNELS[kind]}`}
          placeholder="Da quale account"
          value={accountId === null ? null : String(accountId)}
          onChange={(value) => onAccount(value ? (Number(value) as Id<'mailAccount'>) : null)}
          data={own.map((a) => ({ value: String(a.id), label: a.fromAddress }))}
        />
      )}
    </div>
  )
}
