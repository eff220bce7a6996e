import { Button, Checkbox, SegmentedControl, Select } from '@mantine/core'
import { IconFolder, IconSend } from '@tabler/icons-react'
import { useState } from 'react'
import type { Id } from '#domain/brand'
import { CHANNELS } from '#domain/vocabulary'
import { counted, formatCount } from '../../components/cells.tsx'
import { FolderPicker } from '../../components/FolderPicker.tsx'
import { Key } from '../../components/Key.tsx'
import { LetterChoice } from '../notices/LetterChoice.tsx'
import type { Letter } from '../notices/letter-choice.ts'
import { LeftOut } from '../positions/LeftOut.tsx'
import type { CampaignPreview, Channel, FileAccount, IoService, MailAccount, Ways } from './campaign-form.ts'
import { StartField } from './StartField.tsx'
import { WayChoice } from './WayChoice.tsx'

/** Where things may leave from, as the settings know it. */
export interface Places {
  readonly mail: readonly MailAccount[]
  readonly files: readonly FileAccount[]
  readonly io: IoService | undefined
  readonly letters: readonly Letter[]
}

/** Zones 3 and 4: by which channels, from where and when, and live who gets it and who does not. */
export function WaysZone({
  ways,
  onChange,
  places,
  preview,
  missing,
  total,
  counted: known,
  onStart,
}: {
  readonly ways: Ways
  readonly onChange: (patch: Partial<Ways>) => void
  readonly places: Places
  readonly preview: CampaignPreview | undefined
  readonly missing: string | null
  readonly total: number
  /** The count is of what is chosen now. */
  readonly counted: boolean
  readonly onStart: () => void
}) {
  const [picking, setPicking] = useState(false)
  const check = (channel: Channel) => (checked: boolean) => onChange({ on: { ...ways.on, [channel]: checked } })
  const way = (channel: Channel) => ({ channel, checked: ways.on[channel], onCheck: check(channel) })
  const ioReady = places.io?.enabled === true && places.io.hasKey
  const folder = (
    <div className="folder-choice">
      <Button leftSection={<IconFolder size={15} stroke={1.7} aria-hidden />} onClick={() => setPicking(true)}>
        {ways.place === null ? 'Scegli la cartella…' : 'Cambia…'}
      </Button>
      {ways.place && (
        <span className="mono cut" title={ways.place.place}>
          {ways.place.place}
        </span>
      )}
    </div>
  )
  const index = (
    <Checkbox
      size="xs"
      label="Indice accanto ai PDF"
      title="indice.csv e indice.json, per chi cura il sito"
      checked={ways.index}
      onChange={(e) => onChange({ index: e.currentTarget.checked })}
    />
  )
  return (
    <section className="card grow" aria-label="3 · Canali e 4 · Riepilogo">
      <header className="card-head">
        <h2>3 · Canali</h2>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      {/* biome-ignore lint/a11y/useSemanticElements: a named part that scrolls, not a set of fields */}
      <div className="card-body" tabIndex={0} role="group" aria-label="3 · Canali">
        <div className="zone-fields">
          {(['pec', 'email'] as const).map((kind) => {
            const own = places.mail.filter((a) => a.kind === kind)
            const key = kind === 'pec' ? 'pecAccountId' : 'emailAccountId'
            return (
              <WayChoice
                key={kind}
                {...way(kind)}
                absent={
                  own.length > 0
                    ? undefined
                    : {
                        text: `Nessun account ${kind === 'pec' ? CHANNELS.pec : CHANNELS.email.toLowerCase()}:`,
                        link: 'aggiungilo',
                        settings: 'posta',
                      }
                }
              >
                <Select
                  aria-label={`Account ${CHANNELS[kind]}`}
                  placeholder="Da quale account"
                  value={ways[key] === null ? null : String(ways[key])}
                  onChange={(value) => onChange({ [key]: value ? (Number(value) as Id<'mailAccount'>) : null })}
                  data={own.map((a) => ({ value: String(a.id), label: a.fromAddress }))}
                />
                {own.find((a) => a.id === ways[key])?.imap === null && (
                  <span className="small t-warn">
                    {kind === 'pec'
                      ? 'Le ricevute non si leggono: manca la casella (IMAP) nell’account.'
                      : 'I rimbalzi non si leggono: manca la casella (IMAP) nell’account.'}
                  </span>
                )}
              </WayChoice>
            )
          })}
          {ways.on.pec && ways.on.email && (
            <p className="small ink2 way-note">Chi ha sia PEC sia e-mail riceve l’avviso da tutte e due.</p>
          )}
          <WayChoice
            {...way('io')}
            description="Messaggio con i dati di pagamento, a chi ha l’app."
            absent={
              ioReady
                ? undefined
                : {
                    text: places.io?.enabled ? 'Manca la chiave del servizio:' : 'È spenta:',
                    link: places.io?.enabled ? 'aggiungila' : 'accendila',
                    settings: 'io',
                  }
            }
          />
          <WayChoice
            {...way('server')}
            description="FTP, FTPS o SFTP: un PDF per avviso nell’area del sito."
            absent={
              places.files.length > 0
                ? undefined
                : { text: 'Nessun server di file:', link: 'aggiungilo', settings: 'server' }
            }
          >
            <Select
              aria-label="Server di file"
              placeholder="Su quale server"
              value={ways.fileAccountId === null ? null : String(ways.fileAccountId)}
              onChange={(value) => onChange({ fileAccountId: value ? (Number(value) as Id<'fileAccount'>) : null })}
              data={places.files.map((a) => ({ value: String(a.id), label: `${a.name} · ${a.host}` }))}
            />
            {index}
          </WayChoice>
          <WayChoice {...way('folder')} description="Un PDF per avviso in una cartella o sul NAS.">
            {folder}
            {!ways.on.server && index}
          </WayChoice>
          <WayChoice {...way('post')} description="I PDF e l’elenco degli indirizzi per chi imbusta.">
            {!ways.on.folder && folder}
            <SegmentedControl
              aria-label="PDF per la posta"
              fullWidth
              value={ways.postMerged ? 'merged' : 'each'}
              data={[
                { value: 'each', label: 'Un PDF per avviso' },
                { value: 'merged', label: 'Un PDF solo' },
              ]}
              onChange={(value) => onChange({ postMerged: value === 'merged' })}
            />
          </WayChoice>
          <div>
            <span className="field-label">Lettera accompagnatoria</span>
            <LetterChoice
              letters={places.letters}
              chosen={ways.letter}
              onChoose={(letter) => onChange({ letter })}
              none="Nessuna lettera scritta: gli avvisi vanno da soli."
            />
          </div>
          {missing === null && preview && (
            <>
              {preview.warnings.map((text) => (
                <p key={text} className="note note-warn small">
                  {text}
                </p>
              ))}
              <LeftOut reasons={preview.leftOut} />
            </>
          )}
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
        <StartField startAt={ways.startAt} onChange={onChange} />
        {missing !== null && <p className="t-bad small generate-why">{missing}</p>}
        <Button
          variant="filled"
          fullWidth
          size="sm"
          disabled={missing !== null || total === 0 || !known}
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
