import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import type { Id } from '#domain/brand'
import { CHANNELS } from '#domain/vocabulary'
import { useExercise } from '../app-state.ts'
import { client, orpc } from '../client.ts'
import { ConfirmDialog } from '../components/ConfirmDialog.tsx'
import { counted, formatCount } from '../components/cells.tsx'
import { Page } from '../components/Page.tsx'
import { say } from '../components/toast.ts'
import { startJob } from '../jobs/jobs.ts'
import { useKeys } from '../keys.ts'
import { useUrlState } from '../url-state.ts'
import { AudienceZone } from './campaign/AudienceZone.tsx'
import { type Audience, type CampaignInput, channelsOf, selectionOf, type Ways } from './campaign/campaign-form.ts'
import { chosenForDelivery } from './campaign/chosen.ts'
import { MessageZone } from './campaign/MessageZone.tsx'
import { WaysZone } from './campaign/WaysZone.tsx'
import { DELIVERING, problemsKey } from './deliveries/delivery-work.ts'
import { LeftOut } from './positions/LeftOut.tsx'

/** Emissione · Nuova campagna: to whom, what, by which channels, and live who is left out and why. */
export function NewCampaign() {
  const exercise = useExercise()
  const navigate = useNavigate()
  const router = useRouter()
  const queries = useQueryClient()
  const [url] = useUrlState()
  const [chosen] = useState(() => (url.scelte === 'si' ? chosenForDelivery() : null))
  const [audience, setAudience] = useState<Audience>({
    from: chosen ? 'chosen' : 'filter',
    issuanceId: url.lotto === undefined ? null : (Number(url.lotto) as Id<'issuance'>),
    states: ['issued', 'expired'],
    category: null,
    onlyNever: true,
  })
  const defaults = useQuery(orpc.campaign.defaults.queryOptions({ staleTime: Number.POSITIVE_INFINITY }))
  const accounts = useQuery(orpc.mailAccount.list.queryOptions())
  const [message, setMessage] = useState<{ readonly subject?: string; readonly body?: string }>({})
  const [edited, setEdited] = useState<Partial<Ways>>({})
  const [confirming, setConfirming] = useState(false)
  const [starting, setStarting] = useState(false)

  const account = (kind: 'pec' | 'email') => accounts.data?.find((a) => a.kind === kind)?.id ?? null
  const lastFolder = defaults.data?.folder ?? null
  const ways: Ways = {
    pec: account('pec') !== null,
    email: account('email') !== null,
    folder: account('pec') === null && account('email') === null,
    pecAccountId: account('pec'),
    emailAccountId: account('email'),
    place: lastFolder === null ? null : { token: lastFolder, place: 'quella dell’ultima volta' },
    ...edited,
  }
  const subject = message.subject ?? defaults.data?.subject ?? ''
  const body = message.body ?? defaults.data?.body ?? ''
  const selection = selectionOf(audience, exercise, chosen?.selection ?? null)
  const { ready, missing: missingWay } = channelsOf(ways)
  const mail = ready.includes('pec') || ready.includes('email')
  const input: CampaignInput | null =
    selection === null || ready.length === 0
      ? null
      : {
          selection,
          channels: ready,
          emailAccountId: ways.emailAccountId,
          pecAccountId: ways.pecAccountId,
          folder: ways.folder ? (ways.place?.token ?? null) : null,
          subject,
          body,
        }
  const [asked] = useDebouncedValue(input, 200)
  const preview = useQuery({
    ...orpc.campaign.preview.queryOptions({ input: asked as CampaignInput, enabled: asked !== null }),
    placeholderData: keepPreviousData,
  })
  const shown = input === null ? undefined : preview.data
  const total = preview.error ? 0 : (shown?.channels.reduce((n, c) => n + c.count, 0) ?? 0)
  const missing = missingWay ?? (mail && subject.trim() === '' ? 'Manca l’oggetto del messaggio.' : null)
  const ask = () => {
    if (missing === null && total > 0 && !starting) setConfirming(true)
  }
  const start = () => {
    if (input === null) return
    setStarting(true)
    void startJob({
      title: DELIVERING,
      subtitle: ready.map((c) => CHANNELS[c]).join(', '),
      unit: 'avvisi',
      cancelWord: 'Annulla non partiti',
      cancelNote: 'Gli avvisi già partiti restano partiti',
      run: (signal) => client.campaign.start(input, { signal }),
      onDone: ({ campaign, problems }) => {
        queries.setQueryData(problemsKey(campaign.id), problems.first)
        if (router.state.location.pathname.startsWith('/consegne'))
          void navigate({ to: '/consegne', search: { campagna: String(campaign.id) } as never })
      },
      onCancelled: () => say('Consegna interrotta: gli avvisi già partiti restano partiti, gli altri sono annullati.'),
    }).finally(() => setStarting(false))
    void navigate({ to: '/consegne' })
  }
  useKeys([{ keys: 'Ctrl+Enter', label: 'avvia…', run: ask }])
  const act = `Avvia ${counted(total, 'consegna', 'consegne')}`
  const from = { pec: ways.pecAccountId, email: ways.emailAccountId }
  return (
    <Page title="Nuova campagna di consegna" about="niente parte finché non confermi" back="/consegne">
      <div className="campaign-new">
        <AudienceZone
          audience={audience}
          onChange={(patch) => setAudience({ ...audience, ...patch })}
          exercise={exercise}
          chosenWords={chosen?.words ?? null}
        />
        <MessageZone
          subject={subject}
          body={body}
          onChange={(patch) => setMessage({ ...message, ...patch })}
          sample={shown?.sample}
          error={preview.error ?? defaults.error}
          mail={mail}
          missing={missing}
        />
        <WaysZone
          ways={ways}
          onChange={(patch) => setEdited({ ...edited, ...patch })}
          accounts={accounts.data ?? []}
          preview={shown}
          missing={missing}
          total={total}
          onStart={ask}
        />
      </div>
      {confirming && shown && (
        <ConfirmDialog
          opened
          onClose={() => setConfirming(false)}
          title={act}
          {...(mail ? { subtitle: `Oggetto: «${subject}».` } : {})}
          act={act}
          leave="Torna alla preparazione"
          note="Puoi fermare ciò che non è partito"
          warning={
            <>
              <b className="strong">Un messaggio partito non si richiama.</b> Ciò che non arriva si corregge e si
              rispedisce, uno per uno o insieme.
            </>
          }
          onConfirm={async () => start()}
        >
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">Canale</th>
                <th scope="col">Da</th>
                <th scope="col" className="right">
                  Avvisi
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.channels.map((c) => (
                <tr key={c.channel}>
                  <td>{CHANNELS[c.channel]}</td>
                  <td>
                    {c.channel === 'folder'
                      ? ways.place?.place
                      : accounts.data?.find((a) => a.id === from[c.channel as 'pec' | 'email'])?.fromAddress}
                  </td>
                  <td className="num">{formatCount(c.count)}</td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <td colSpan={2}>Consegne</td>
                <td className="num">{formatCount(total)}</td>
              </tr>
            </tfoot>
          </table>
          <LeftOut reasons={shown.leftOut} />
        </ConfirmDialog>
      )}
    </Page>
  )
}
