import { Button, Select, Switch, TextInput } from '@mantine/core'
import type { InferContractRouterInputs, InferContractRouterOutputs } from '@orpc/contract'
import { IconFolder, IconPlugConnected } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Contract } from '#contract/contract'
import { ALBO_PROFILES, alboProfile } from '#domain/albo-profile'
import { client, orpc } from '../../client.ts'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { counted } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { FolderPicker } from '../../components/FolderPicker.tsx'
import { useForm } from '../../components/form-state.ts'
import { Card } from '../../components/Page.tsx'
import { RadioCards } from '../../components/RadioCards.tsx'
import { useKeys } from '../../keys.ts'
import { AccountHead } from './AccountHead.tsx'
import { useProbe } from './probe.ts'
import { SaveFoot } from './SaveFoot.tsx'
import { TestLog } from './TestLog.tsx'

type Destination = InferContractRouterOutputs<Contract>['alboDestination']['list'][number]
type Input = InferContractRouterInputs<Contract>['alboDestination']['save']
type Values = Input & { readonly from: NonNullable<Input['from']> }
type Way = Values['way']

const WAYS: readonly { readonly value: Way; readonly label: string }[] = [
  { value: 'download', label: 'Salvo io il file' },
  { value: 'folder', label: 'In una cartella' },
  { value: 'server', label: 'Su un server di file' },
]

/** Impostazioni · Albo: where the lists of who has paid go, and in which form. */
export function AlboDestinations() {
  const query = useQuery(orpc.alboDestination.list.queryOptions())
  const destinations = query.data ?? []
  const [chosen, setChosen] = useState<string | null>(null)
  const current =
    destinations.find((d) => String(d.id) === chosen) ?? (chosen === 'nuovo' ? undefined : destinations[0])
  if (!query.data) return <Card title="Albo">{query.error ? <ErrorNote error={query.error} /> : null}</Card>
  return (
    <DestinationForm
      key={current?.id ?? 'nuovo'}
      destination={current}
      destinations={destinations}
      onChoose={setChosen}
    />
  )
}

function toValues(destination: Destination | undefined): Values {
  const none = { id: null, name: '', profile: 'neutro', way: 'folder', folder: null, fileAccountId: null } as const
  if (!destination) return { ...none, automatic: true, from: 'all' }
  const { waiting: _waiting, place: _place, ...values } = destination
  return { ...values, from: 'all' }
}

function DestinationForm({
  destination,
  destinations,
  onChoose,
}: {
  readonly destination: Destination | undefined
  readonly destinations: readonly Destination[]
  readonly onChoose: (id: string | null) => void
}) {
  const form = useForm<Values>(toValues(destination))
  const accounts = useQuery(orpc.fileAccount.list.queryOptions()).data ?? []
  const last = useQuery(orpc.albo.last.queryOptions()).data ?? null
  const [place, setPlace] = useState(destination?.place ?? '')
  const [picking, setPicking] = useState(false)
  const [removing, setRemoving] = useState(false)
  const v = form.values
  const profile = alboProfile(v.profile)
  const placed = v.way === 'download' || (v.way === 'folder' ? v.folder !== null : v.fileAccountId !== null)
  const ready = v.name.trim() !== '' && placed
  const probe = useProbe(({ way, folder, fileAccountId }: Values) =>
    client.alboDestination.test({ way, folder, fileAccountId }),
  )
  const triable = placed && v.way !== 'download'
  useKeys([{ keys: 'F9', label: 'prova', run: () => triable && void probe.go(v) }])
  return (
    <Card
      title={destination ? destination.name : 'Nuova destinazione per l’Albo'}
      grow
      label="Albo"
      actions={
        <AccountHead accounts={destinations} current={destination} word="Nuova destinazione" onChoose={onChoose} />
      }
      foot={
        <SaveFoot
          form={form}
          disabled={!ready}
          onSave={() =>
            void form.submit(async (values) => onChoose(String((await client.alboDestination.save(values)).id)))
          }
          left={
            <>
              <Button
                leftSection={<IconPlugConnected size={16} stroke={1.7} aria-hidden />}
                disabled={!triable}
                loading={probe.busy}
                onClick={() => void probe.go(v)}
              >
                Prova
              </Button>
              {destination && (
                <Button className="danger" onClick={() => setRemoving(true)}>
                  Elimina…
                </Button>
              )}
            </>
          }
        />
      }
    >
      {!destination && destinations.length === 0 && (
        <p className="ink2 form-note">
          Chi tiene l’Albo in un altro programma deve sapere chi ha pagato. Qui scrivi in che forma vuole la lista e
          dove si mette: poi parte da sola dopo ogni emissione di reversali, o quando lo dici tu da Registri.
        </p>
      )}
      <div className="form-grid">
        <TextInput
          className="span-3"
          label="Nome"
          placeholder="Albo della segreteria"
          maxLength={80}
          value={v.name}
          onChange={(e) => form.set({ name: e.currentTarget.value })}
        />
        <Select
          className="span-3"
          label="Forma della lista"
          allowDeselect={false}
          value={v.profile}
          data={ALBO_PROFILES.map((id) => ({ value: id, label: alboProfile(id).name }))}
          onChange={(value) => form.set({ profile: (value ?? 'neutro') as Values['profile'] })}
        />
        <Select
          className="span-3"
          label="Dove va"
          allowDeselect={false}
          value={v.way}
          data={WAYS.map(({ value, label }) => ({ value, label }))}
          onChange={(way) => form.set({ way: (way ?? 'download') as Way })}
        />
        {v.way === 'server' && (
          <Select
            className="span-3"
            label="Server di file"
            placeholder={accounts.length === 0 ? 'nessuno ancora' : 'scegli'}
            value={v.fileAccountId === null ? null : String(v.fileAccountId)}
            data={accounts.map((a) => ({ value: String(a.id), label: a.name }))}
            onChange={(id) => form.set({ fileAccountId: accounts.find((a) => String(a.id) === id)?.id ?? null })}
          />
        )}
      </div>
      {v.way === 'server' && accounts.length === 0 && (
        <p className="form-note small">
          <Link to="/impostazioni/$voce" params={{ voce: 'server' }} className="link">
            Scrivi prima il server di file
          </Link>
        </p>
      )}
      {v.way === 'folder' && (
        <div className="folder-choice form-note">
          <Button leftSection={<IconFolder size={16} stroke={1.7} aria-hidden />} onClick={() => setPicking(true)}>
            {v.folder === null ? 'Scegli la cartella…' : 'Cambia cartella…'}
          </Button>
          <span className="small ink2">{v.folder === null ? 'anche di rete' : place}</span>
        </div>
      )}
      {v.way !== 'download' && (
        <div className="form-note">
          <Switch
            label="Manda da sola dopo ogni emissione di reversali"
            checked={v.automatic}
            onChange={(e) => form.set({ automatic: e.currentTarget.checked })}
          />
        </div>
      )}
      {!destination && last !== null && (
        <section className="form-part">
          <div className="form-part-head">
            <h3>La prima lista</h3>
          </div>
          <RadioCards
            aria-label="La prima lista"
            value={v.from}
            onChange={(from) => form.set({ from })}
            choices={[
              { value: 'all', label: 'Dall’inizio', description: 'Dice tutto ciò che è stato incassato fin qui.' },
              {
                value: 'handedOver',
                label: 'Da dove sei arrivato a mano',
                description: 'Dice ciò che è cambiato dall’ultima lista consegnata a mano.',
              },
            ]}
          />
        </section>
      )}
      <section className="form-part">
        <div className="form-part-head">
          <h3>Il file</h3>
        </div>
        {profile.assumption && (
          <p className="note note-warn">
            Forma da confermare: {profile.name} non pubblica la sua. Mandane una di prova a chi lo cura prima di farla
            partire da sola.
          </p>
        )}
        <p className="small ink2">
          {profile.file === 'xlsx' ? 'Excel' : 'CSV'}, colonne {profile.columns.map((c) => c.heading).join(', ')}.
          Pagata si scrive «{profile.words.paid}», in parte «{profile.words.partly}», ritirata «
          {profile.words.withdrawn}».
        </p>
        <p className="small ink2">
          La risposta si legge dalle colonne «{profile.reply.keyHeading}»
          {profile.reply.yearHeading !== null && `, «${profile.reply.yearHeading}»`}, «{profile.reply.outcomeHeading}» e
          «{profile.reply.reasonHeading}».
        </p>
      </section>
      {destination && destination.waiting > 0 && (
        <p className="form-note small">
          {counted(destination.waiting, 'riga', 'righe')} da mandare:{' '}
          <Link to="/registri" search={{ registro: 'albo', per: String(destination.id) } as never} className="link">
            guardale in Registri
          </Link>
        </p>
      )}
      <ErrorNote error={form.error ?? probe.error} />
      {probe.result && <TestLog steps={probe.result.steps} />}
      <FolderPicker
        opened={picking}
        onClose={() => setPicking(false)}
        act="Metti qui le liste"
        onPick={(picked) => {
          form.set({ folder: picked.token })
          setPlace(picked.place)
        }}
      />
      {destination && (
        <ConfirmDialog
          opened={removing}
          onClose={() => setRemoving(false)}
          title={`Elimina «${destination.name}»`}
          subtitle="Le liste mandate restano in Registri; quelle non ancora partite non partono più."
          act="Elimina la destinazione"
          leave="Lascia"
          danger
          onConfirm={async () => {
            await client.alboDestination.remove({ id: destination.id })
            onChoose(null)
          }}
        />
      )}
    </Card>
  )
}
