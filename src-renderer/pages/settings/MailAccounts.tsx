import { Button, NumberInput, PasswordInput, SegmentedControl, Select, TextInput } from '@mantine/core'
import type { InferContractRouterInputs, InferContractRouterOutputs } from '@orpc/contract'
import { IconPlus, IconSend } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import { useAppState } from '../../app-state.ts'
import { client, orpc } from '../../client.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { useForm } from '../../components/form-state.ts'
import { Card } from '../../components/Page.tsx'
import { ToneText } from '../../components/St.tsx'
import { useKeys } from '../../keys.ts'
import { SaveFoot } from './SaveFoot.tsx'

type Account = InferContractRouterOutputs<Contract>['mailAccount']['list'][number]
type Values = InferContractRouterInputs<Contract>['mailAccount']['save']
type Steps = InferContractRouterOutputs<Contract>['mailAccount']['test']

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
  perMinute: 30,
  password: null,
}

/** The steps of a trial, in their order, and what to try when one of them fails. */
const REMEDIES: Readonly<Record<string, string>> = {
  Collegamento:
    'Controlla nome del server e porta (465 con TLS, 587 con STARTTLS); anche un antivirus o la rete dell’ufficio possono chiuderla.',
  Saluto: 'Prova un’altra protezione: di solito TLS sulla porta 465, STARTTLS sulla 587.',
  Accesso:
    'Riscrivi utente e password; molti gestori vogliono una password per applicazioni, che si crea nel loro pannello.',
  'Messaggio di prova': 'Controlla che l’account possa spedire con l’indirizzo del mittente scritto qui sopra.',
}

function notTried(steps: Steps): string[] {
  return steps.every((s) => s.ok) ? [] : Object.keys(REMEDIES).filter((step) => !steps.some((s) => s.step === step))
}

/** Posta e consegna: SMTP accounts, e-mail and PEC, with a trial that says which step fails and why. */
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
  const { hasPassword: _hasPassword, ...rest } = account
  return { ...rest, password: null }
}

function AccountForm({
  account,
  accounts,
  onChoose,
}: {
  readonly account: Account | undefined
  readonly accounts: readonly Account[]
  readonly onChoose: (id: string) => void
}) {
  const form = useForm<Values>(toValues(account))
  const secrets = useAppState().data?.ledger.secretsPlace
  const [steps, setSteps] = useState<Steps | null>(null)
  const [testing, setTesting] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const v = form.values
  const ready = v.host.trim() !== '' && v.fromAddress.trim() !== '' && v.name.trim() !== ''
  const test = async () => {
    setTesting(true)
    setError(null)
    setSteps(null)
    try {
      setSteps(await client.mailAccount.test({ account: v, to: v.fromAddress }))
    } catch (failure) {
      setError(failure)
    } finally {
      setTesting(false)
    }
  }
  useKeys([{ keys: 'F9', label: 'prova', run: () => ready && void test() }])
  return (
    <Card
      title={account ? account.name : 'Nuovo account'}
      grow
      label="Account di posta"
      actions={
        <>
          {accounts.length > 1 && (
            <SegmentedControl
              aria-label="Account"
              value={account ? String(account.id) : 'nuovo'}
              data={accounts.map((a) => ({ value: String(a.id), label: a.name }))}
              onChange={onChoose}
            />
          )}
          <Button
            leftSection={<IconPlus size={16} stroke={1.7} aria-hidden />}
            disabled={!account}
            onClick={() => onChoose('nuovo')}
          >
            Nuovo account
          </Button>
        </>
      }
      foot={
        <SaveFoot
          form={form}
          disabled={!ready}
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
                loading={testing}
                onClick={() => void test()}
              >
                Prova invio
              </Button>
              <span className="muted small">a te stesso, con un messaggio di prova</span>
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
          data={[
            { value: 'tls', label: 'TLS' },
            { value: 'starttls', label: 'STARTTLS' },
            { value: 'none', label: 'Nessuna' },
          ]}
          onChange={(security) => form.set({ security: (security ?? 'tls') as Values['security'] })}
        />
        <TextInput
          className="span-2"
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
        <NumberInput
          className="span-1"
          label="Messaggi al minuto"
          min={1}
          max={600}
          value={v.perMinute}
          onChange={(n) => typeof n === 'number' && form.set({ perMinute: n })}
        />
      </div>
      {secrets !== undefined && <p className="muted small form-note">La password si conserva in: {secrets}.</p>}
      <ErrorNote error={form.error ?? error} />
      {steps && (
        <section className="test-log" aria-live="polite">
          <h3>Ultima prova</h3>
          <ul>
            {steps.map((s) => (
              <li key={s.step}>
                <ToneText tone={s.ok ? 'ok' : 'bad'}>{s.step}</ToneText>
                <span className="muted num">{`${(s.ms / 1000).toFixed(1).replace('.', ',')} s`}</span>
                {s.text !== '' && (
                  <span className="ink2 small test-text">
                    {s.text}
                    {!s.ok && REMEDIES[s.step] !== undefined && ` ${REMEDIES[s.step]}`}
                  </span>
                )}
              </li>
            ))}
            {notTried(steps).map((step) => (
              <li key={step}>
                <ToneText tone="neu">{step}</ToneText>
                <span className="muted small">non provato</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Card>
  )
}
