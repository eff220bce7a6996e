import { Button, Checkbox, NumberInput, PasswordInput, Select, TextInput } from '@mantine/core'
import type { InferContractRouterInputs, InferContractRouterOutputs } from '@orpc/contract'
import { IconInbox, IconSend } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import { problemText } from '#domain/problem'
import { useAppState } from '../../app-state.ts'
import { client, orpc } from '../../client.ts'
import { counted, TimeText } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { useForm } from '../../components/form-state.ts'
import { Card } from '../../components/Page.tsx'
import { say } from '../../components/toast.ts'
import { startJob } from '../../jobs/jobs.ts'
import { useKeys } from '../../keys.ts'
import { AccountHead } from './AccountHead.tsx'
import { PacingFields, pacingReady } from './PacingFields.tsx'
import { useProbe } from './probe.ts'
import { RemoveAccount } from './RemoveAccount.tsx'
import { SaveFoot } from './SaveFoot.tsx'
import { TestLog } from './TestLog.tsx'

type Account = InferContractRouterOutputs<Contract>['mailAccount']['list'][number]
type Values = InferContractRouterInputs<Contract>['mailAccount']['save']

const EMPTY: Values = {
  id: null,
  name: '',
  kind: 'email',
  host: '',
  port: 465,
  security: 'tls',
  user: null,
  fromName: '',
  fromAddress: '',
  pacing: { perMinute: 30, perDay: null, batch: null, window: null },
  imap: null,
  password: null,
}

const SECURITIES = [
  { value: 'tls', label: 'TLS' },
  { value: 'starttls', label: 'STARTTLS' },
  { value: 'none', label: 'Nessuna' },
]

/** The steps of a trial, in their order, and what to try when one of them fails. */
const REMEDIES: Readonly<Record<string, string>> = {
  Collegamento:
    'Controlla nome del server e porta (465 con TLS, 587 con STARTTLS); anche un antivirus o la rete dell’ufficio possono chiuderla.',
  Saluto: 'Prova un’altra protezione: di solito TLS sulla porta 465, STARTTLS sulla 587.',
  Accesso:
    'Riscrivi utente e password; molti gestori vogliono una password per applicazioni, che si crea nel loro pannello.',
  'Messaggio di prova': 'Controlla che l’account possa spedire con l’indirizzo del mittente scritto qui sopra.',
}

/** Posta e consegna: accounts of e-mail and PEC, the mailbox of their receipts, a trial that says which step fails and why. */
export function MailAccounts() {
  const query = useQuery(orpc.mailAccount.list.queryOptions())
  const accounts = query.data ?? []
  const [chosen, setChosen] = useState<string | null>(null)
  const current = accounts.find((a) => String(a.id) === chosen) ?? (chosen === 'nuovo' ? undefined : accounts[0])
  if (!query.data) return <Card title="Posta e consegna">{query.error ? <ErrorNote error={query.error} /> : null}</Card>
  return <AccountForm key={current?.id ?? 'nuovo'} account={current} accounts={accounts} onChoose={setChosen} />
}

function toValues(account: Account | undefined): Values {
  if (!account) return EMPTY
  const { hasPassword: _password, receiptsReadAt: _readAt, receiptsError: _error, ...rest } = account
  return { ...rest, password: null }
}

function AccountForm({
  account,
  accounts,
  onChoose,
}: {
  readonly account: Account | undefined
  readonly accounts: readonly Account[]
  readonly onChoose: (id: string | null) => void
}) {
  const form = useForm<Values>(toValues(account))
  const secrets = useAppState().data?.ledger.secretsPlace
  const v = form.values
  const { imap } = v
  const ready =
    v.host.trim() !== '' &&
    v.fromAddress.trim() !== '' &&
    v.name.trim() !== '' &&
    pacingReady(v.pacing) &&
    (imap === null || (imap.host.trim() !== '' && imap.user.trim() !== '' && imap.folder.trim() !== ''))
  const probe = useProbe(() => client.mailAccount.test({ account: v, to: v.fromAddress }))
  useKeys([{ keys: 'F9', label: 'prova', run: () => ready && void probe.go() }])
  const setImap = (patch: Partial<NonNullable<Values['imap']>>) => imap && form.set({ imap: { ...imap, ...patch } })
  return (
    <Card
      title={account ? account.name : 'Nuovo account'}
      grow
      label="Account di posta"
      actions={<AccountHead accounts={accounts} current={account} word="Nuovo account" onChoose={onChoose} />}
      foot={
        <SaveFoot
          form={form}
          disabled={!ready}
          triable
          onSave={() =>
            void form.submit(async (values) => {
              const saved = await client.mailAccount.save(values)
              onChoose(String(saved.id))
            })
          }
          left={
            <>
              <Button
                variant="filled"
                leftSection={<IconSend size={16} stroke={1.7} aria-hidden />}
                disabled={!ready}
                loading={probe.busy}
                onClick={() => void probe.go()}
              >
                Prova invio
              </Button>
              {account ? (
                <RemoveAccount
                  name={account.name}
                  onRemove={async () => {
                    await client.mailAccount.remove({ id: account.id })
                    onChoose(null)
                  }}
                />
              ) : (
                <span className="muted small">a te stesso, con un messaggio di prova</span>
              )}
            </>
          }
        />
      }
    >
      <div className="form-grid">
        <TextInput
          className="span-3"
          label="Nome dell’account"
          value={v.name}
          onChange={(e) => form.set({ name: e.currentTarget.value })}
        />
        <Select
          className="span-3"
          label="Tipo"
          value={v.kind}
          data={[
            { value: 'email', label: 'E-mail ordinaria' },
            { value: 'pec', label: 'PEC' },
          ]}
          onChange={(kind) => form.set({ kind: (kind ?? 'email') as Values['kind'] })}
        />
        <TextInput
          className="span-3"
          label="Indirizzo del mittente"
          value={v.fromAddress}
          onChange={(e) => form.set({ fromAddress: e.currentTarget.value })}
        />
        <TextInput
          className="span-3"
          label="Nome del mittente"
          value={v.fromName}
          onChange={(e) => form.set({ fromName: e.currentTarget.value })}
        />
        <TextInput
          className="span-3"
          label="Server in uscita (SMTP)"
          value={v.host}
          onChange={(e) => form.set({ host: e.currentTarget.value })}
        />
        <NumberInput
          className="span-1"
          label="Porta"
          thousandSeparator=""
          value={v.port}
          onChange={(port) => typeof port === 'number' && form.set({ port })}
        />
        <Select
          className="span-2"
          label="Protezione"
          value={v.security}
          data={SECURITIES}
          onChange={(security) => form.set({ security: (security ?? 'tls') as Values['security'] })}
        />
        <TextInput
          className="span-3"
          label="Utente"
          value={v.user ?? ''}
          onChange={(e) => form.set({ user: e.currentTarget.value === '' ? null : e.currentTarget.value })}
        />
        <PasswordInput
          className="span-3"
          label="Password"
          placeholder={account?.hasPassword ? 'salvata: scrivi per cambiarla' : ''}
          autoComplete="new-password"
          value={v.password ?? ''}
          onChange={(e) => form.set({ password: e.currentTarget.value === '' ? null : e.currentTarget.value })}
        />
      </div>
      {secrets !== undefined && <p className="muted small form-note">La password si conserva in: {secrets}.</p>}
      <section className="form-part">
        <div className="form-part-head">
          <h3>{v.kind === 'pec' ? 'Casella delle ricevute' : 'Casella dei rimbalzi'}</h3>
          <Checkbox
            size="xs"
            label={v.kind === 'pec' ? 'Leggi le ricevute (IMAP)' : 'Leggi i messaggi tornati indietro (IMAP)'}
            checked={imap !== null}
            onChange={(e) =>
              form.set({
                imap: e.currentTarget.checked
                  ? {
                      host: account?.imap?.host ?? v.host.replace(/^smtps?\./, 'imap.'),
                      port: account?.imap?.port ?? 993,
                      security: account?.imap?.security ?? 'tls',
                      user: account?.imap?.user ?? v.user ?? v.fromAddress,
                      folder: account?.imap?.folder ?? 'INBOX',
                    }
                  : null,
              })
            }
          />
        </div>
        {imap === null ? (
          <p className="muted small">
            {v.kind === 'pec'
              ? 'Senza, si sa solo che il gestore ha preso il messaggio: accettazione e consegna restano da guardare a mano.'
              : 'Senza, un indirizzo sbagliato che torna indietro più tardi non si vede.'}
          </p>
        ) : (
          <div className="form-grid">
            <TextInput
              className="span-3"
              label="Server della casella (IMAP)"
              value={imap.host}
              onChange={(e) => setImap({ host: e.currentTarget.value })}
            />
            <NumberInput
              className="span-1"
              label="Porta IMAP"
              thousandSeparator=""
              value={imap.port}
              onChange={(port) => typeof port === 'number' && setImap({ port })}
            />
            <Select
              className="span-2"
              label="Protezione IMAP"
              value={imap.security}
              data={SECURITIES}
              onChange={(security) => setImap({ security: (security ?? 'tls') as Values['security'] })}
            />
            <TextInput
              className="span-3"
              label="Utente IMAP"
              description="La password è quella dell’invio."
              value={imap.user}
              onChange={(e) => setImap({ user: e.currentTarget.value })}
            />
            <TextInput
              className="span-3"
              label="Cartella"
              description="Di solito INBOX."
              value={imap.folder}
              onChange={(e) => setImap({ folder: e.currentTarget.value })}
            />
          </div>
        )}
        {account?.imap && <ReceiptsState account={account} disabled={form.changed} />}
      </section>
      <section className="form-part">
        <div className="form-part-head">
          <h3>Ritmo e ore d’invio</h3>
        </div>
        <div className="form-grid">
          <PacingFields pacing={v.pacing} onChange={(pacing) => form.set({ pacing })} />
        </div>
      </section>
      <ErrorNote error={form.error ?? probe.error} />
      {probe.result && <TestLog steps={probe.result} remedies={REMEDIES} expected={Object.keys(REMEDIES)} />}
    </Card>
  )
}

/** When the mailbox was read, what went wrong since, and reading it now. */
function ReceiptsState({ account, disabled }: { readonly account: Account; readonly disabled: boolean }) {
  const read = () =>
    void startJob({
      title: 'Leggo le ricevute',
      subtitle: account.imap ? `${account.imap.user}, ${account.imap.folder}` : '',
      unit: 'messaggi',
      cancelWord: 'Smetti di leggere',
      cancelNote: 'Le ricevute già lette restano',
      run: (signal) => client.mailAccount.readReceipts({ id: account.id }, { signal }),
      onDone: ({ read: messages, tied, unknown, problems }) =>
        say(
          [
            counted(messages, 'messaggio letto', 'messaggi letti'),
            counted(tied, 'ricevuta legata alla sua consegna', 'ricevute legate alle loro consegne'),
            unknown > 0 ? `${unknown} non sono di Quietanza` : '',
            ...problems.first.slice(0, 2).map(problemText),
          ]
            .filter((t) => t !== '')
            .join(' · '),
        ),
    })
  return (
    <div className="receipts-state">
      <Button leftSection={<IconInbox size={16} stroke={1.7} aria-hidden />} disabled={disabled} onClick={read}>
        Leggi le ricevute ora
      </Button>
      <span className={`small ${account.receiptsError === null ? 'muted' : 't-bad'}`}>
        {account.receiptsError !== null ? (
          account.receiptsError
        ) : account.receiptsReadAt === null ? (
          'Mai lette finora.'
        ) : (
          <>
            Lette fino in fondo: <TimeText at={account.receiptsReadAt} />.
          </>
        )}
      </span>
    </div>
  )
}
