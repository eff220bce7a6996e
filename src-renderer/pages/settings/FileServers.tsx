import { Button, NumberInput, PasswordInput, Select, TextInput } from '@mantine/core'
import type { InferContractRouterInputs, InferContractRouterOutputs } from '@orpc/contract'
import { IconFolderPlus, IconFolderUp, IconKey } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import { useAppState } from '../../app-state.ts'
import { client, orpc } from '../../client.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { askFile, uploadFile } from '../../components/files.ts'
import { useForm } from '../../components/form-state.ts'
import { Card } from '../../components/Page.tsx'
import { sayFailure } from '../../components/toast.ts'
import { useKeys } from '../../keys.ts'
import { AccountHead } from './AccountHead.tsx'
import { PacingFields, pacingReady } from './PacingFields.tsx'
import { useProbe } from './probe.ts'
import { RemoveAccount } from './RemoveAccount.tsx'
import { SaveFoot } from './SaveFoot.tsx'
import { AcceptedTrust, TrustQuestion } from './ServerTrust.tsx'
import { TestLog } from './TestLog.tsx'

type Account = InferContractRouterOutputs<Contract>['fileAccount']['list'][number]
type Values = InferContractRouterInputs<Contract>['fileAccount']['save']
type Protocol = Values['protocol']

const PROTOCOLS: readonly { readonly value: Protocol; readonly label: string; readonly port: number }[] = [
  { value: 'sftp', label: 'SFTP (cifrato, su SSH)', port: 22 },
  { value: 'ftps', label: 'FTPS esplicito (TLS)', port: 21 },
  { value: 'ftpsImplicit', label: 'FTPS implicito (TLS)', port: 990 },
  { value: 'ftp', label: 'FTP, senza cifratura', port: 21 },
]

const EMPTY: Values = {
  id: null,
  name: '',
  protocol: 'sftp',
  host: '',
  port: 22,
  user: '',
  auth: 'password',
  remoteFolder: '',
  pacing: { perMinute: 6000, perDay: null, batch: null, window: null },
  pinned: null,
  secret: null,
  key: null,
}

/** Server di file: where the PDFs of the site's reserved area go, with the server's key shown once and kept. */
export function FileServers() {
  const query = useQuery(orpc.fileAccount.list.queryOptions())
  const accounts = query.data ?? []
  const [chosen, setChosen] = useState<string | null>(null)
  const current = accounts.find((a) => String(a.id) === chosen) ?? (chosen === 'nuovo' ? undefined : accounts[0])
  if (!query.data) return <Card title="Server di file">{query.error ? <ErrorNote error={query.error} /> : null}</Card>
  return <ServerForm key={current?.id ?? 'nuovo'} account={current} accounts={accounts} onChoose={setChosen} />
}

function toValues(account: Account | undefined): Values {
  if (!account) return EMPTY
  const { hasSecret: _secret, ...rest } = account
  return { ...rest, secret: null, key: null }
}

function ServerForm({
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
  const [keyName, setKeyName] = useState<string | null>(null)
  const v = form.values
  const byKey = v.protocol === 'sftp' && v.auth === 'key'
  const ready = v.name.trim() !== '' && v.host.trim() !== '' && v.user.trim() !== '' && pacingReady(v.pacing)
  const probe = useProbe((account: Values, makeFolder: boolean) => client.fileAccount.test({ account, makeFolder }))
  const trial = () => void probe.go(v, false)
  useKeys([{ keys: 'F9', label: 'prova', run: () => ready && trial() }])
  // The proof of who the server is belongs to that server only.
  const place = (patch: Partial<Values>) => form.set({ ...patch, pinned: null })
  const chooseKey = async () => {
    const file = await askFile('')
    if (file === null) return
    try {
      const { token } = await uploadFile(file)
      form.set({ key: token })
      setKeyName(file.name)
    } catch (failure) {
      sayFailure(failure)
    }
  }
  const seen = probe.result?.fingerprint ?? null
  const asks = probe.result?.known === false && seen !== null && seen !== v.pinned
  const accept = (pinned: string) => {
    form.set({ pinned })
    void probe.go({ ...v, pinned }, false)
  }
  const last = probe.result?.steps.at(-1)
  const lacksFolder = last?.step === 'Cartella' && !last.ok && last.text.includes(': non esiste')
  return (
    <Card
      title={account ? account.name : 'Nuovo server di file'}
      grow
      label="Server di file"
      actions={<AccountHead accounts={accounts} current={account} word="Nuovo server" onChoose={onChoose} />}
      foot={
        <SaveFoot
          form={form}
          disabled={!ready}
          triable
          onSave={() =>
            void form.submit(async (values) => {
              const saved = await client.fileAccount.save(values)
              setKeyName(null)
              onChoose(String(saved.id))
            })
          }
          left={
            <>
              <Button
                variant="filled"
                leftSection={<IconFolderUp size={16} stroke={1.7} aria-hidden />}
                disabled={!ready}
                loading={probe.busy}
                onClick={trial}
              >
                Prova
              </Button>
              {account ? (
                <RemoveAccount
                  name={account.name}
                  onRemove={async () => {
                    await client.fileAccount.remove({ id: account.id })
                    onChoose(null)
                  }}
                />
              ) : (
                <span className="muted small">scrive un file di prova e lo toglie</span>
              )}
            </>
          }
        />
      }
    >
      {!account && accounts.length === 0 && (
        <p className="ink2 form-note">
          Qui scrivi il server su cui il sito dell’ente tiene gli avvisi: l’area riservata, o uno spazio di scambio. Una
          campagna ci mette un PDF per avviso e, se vuoi, l’indice per chi cura il sito.
        </p>
      )}
      <div className="form-grid">
        <TextInput
          className="span-3"
          label="Nome"
          placeholder="Area riservata del sito"
          value={v.name}
          onChange={(e) => form.set({ name: e.currentTarget.value })}
        />
        <Select
          className="span-3"
          label="Protocollo"
          value={v.protocol}
          data={PROTOCOLS.map(({ value, label }) => ({ value, label }))}
          onChange={(value) => {
            const next = PROTOCOLS.find((p) => p.value === value)
            const before = PROTOCOLS.find((p) => p.value === v.protocol)
            if (!next) return
            place({
              protocol: next.value,
              auth: next.value === 'sftp' ? v.auth : 'password',
              ...(v.port === before?.port ? { port: next.port } : {}),
            })
          }}
        />
        <TextInput
          className="span-3"
          label="Server"
          value={v.host}
          onChange={(e) => place({ host: e.currentTarget.value })}
        />
        <NumberInput
          className="span-1"
          label="Porta"
          thousandSeparator=""
          value={v.port}
          onChange={(port) => typeof port === 'number' && place({ port })}
        />
        <TextInput
          className="span-2"
          label="Cartella sul server"
          placeholder="quella d’ingresso"
          value={v.remoteFolder}
          onChange={(e) => form.set({ remoteFolder: e.currentTarget.value })}
        />
        <TextInput
          className="span-2"
          label="Utente"
          value={v.user}
          onChange={(e) => form.set({ user: e.currentTarget.value })}
        />
        <Select
          className="span-2"
          label="Si entra con"
          value={v.auth}
          disabled={v.protocol !== 'sftp'}
          data={[
            { value: 'password', label: 'Password' },
            { value: 'key', label: 'Chiave privata' },
          ]}
          onChange={(auth) => form.set({ auth: (auth ?? 'password') as Values['auth'] })}
        />
        <PasswordInput
          className="span-2"
          label={byKey ? 'Frase della chiave' : 'Password'}
          placeholder={account?.hasSecret ? 'salvata: scrivi per cambiarla' : byKey ? 'se ne ha una' : ''}
          autoComplete="new-password"
          value={v.secret ?? ''}
          onChange={(e) => form.set({ secret: e.currentTarget.value === '' ? null : e.currentTarget.value })}
        />
      </div>
      {byKey && (
        <div className="folder-choice form-note">
          <Button leftSection={<IconKey size={16} stroke={1.7} aria-hidden />} onClick={() => void chooseKey()}>
            {account?.hasSecret || keyName ? 'Cambia chiave…' : 'Scegli la chiave…'}
          </Button>
          <span className="small ink2">
            {keyName ??
              (account?.auth === 'key' ? 'chiave salvata' : 'il file della chiave privata, per esempio id_ed25519')}
          </span>
        </div>
      )}
      {v.protocol === 'ftp' && !asks && v.pinned === null && (
        <p className="note note-warn form-note">
          FTP manda password e avvisi in chiaro: chiunque sia sulla strada li legge. Se il server lo permette, scegli
          FTPS o SFTP.
        </p>
      )}
      {secrets !== undefined && <p className="muted small form-note">Password e chiave si conservano in: {secrets}.</p>}
      {v.pinned !== null && <AcceptedTrust protocol={v.protocol} pinned={v.pinned} />}
      <section className="form-part">
        <div className="form-part-head">
          <h3>Ritmo e ore d’invio</h3>
        </div>
        <div className="form-grid">
          <PacingFields pacing={v.pacing} unit="File" onChange={(pacing) => form.set({ pacing })} />
        </div>
      </section>
      <ErrorNote error={form.error ?? probe.error} />
      {asks && <TrustQuestion protocol={v.protocol} seen={seen} pinned={v.pinned} onAccept={() => accept(seen)} />}
      {lacksFolder && (
        <div className="folder-choice form-note">
          <Button
            leftSection={<IconFolderPlus size={16} stroke={1.7} aria-hidden />}
            loading={probe.busy}
            onClick={() => void probe.go(v, true)}
          >
            Crea la cartella «{v.remoteFolder}»
          </Button>
          <span className="small ink2">sul server, poi la prova continua</span>
        </div>
      )}
      {probe.result && <TestLog steps={probe.result.steps} />}
    </Card>
  )
}
