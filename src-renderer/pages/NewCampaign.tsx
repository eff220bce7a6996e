import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import type { Id } from '#domain/brand'
import { isoDate } from '#domain/date'
import { CHANNELS } from '#domain/vocabulary'
import { useAppState, useExercise } from '../app-state.ts'
import { client, orpc } from '../client.ts'
import { Page } from '../components/Page.tsx'
import { say } from '../components/toast.ts'
import { type UnsavedWords, useUnsaved } from '../components/unsaved.ts'
import { startJob } from '../jobs/jobs.ts'
import { useKeys } from '../keys.ts'
import { useUrlState } from '../url-state.ts'
import { AudienceZone } from './campaign/AudienceZone.tsx'
import { ConfirmCampaign } from './campaign/ConfirmCampaign.tsx'
import {
  type Audience,
  type CampaignInput,
  type CampaignPreview,
  channelsOf,
  readsMessage,
  selectionOf,
  type Ways,
} from './campaign/campaign-form.ts'
import { chosenForDelivery } from './campaign/chosen.ts'
import { MessageZone } from './campaign/MessageZone.tsx'
import { PostZone } from './campaign/PostZone.tsx'
import { useReminderChoice } from './campaign/reminder-choice.ts'
import { type Places, WaysZone } from './campaign/WaysZone.tsx'
import { useLetterChoice } from './notices/letter-choice.ts'

const PREPARED: UnsavedWords = {
  title: 'Questa campagna non è ancora partita',
  text: 'Se lasci adesso, le scelte e il messaggio che hai preparato si perdono.',
  act: 'Lascia senza avviare',
}

/** Emissione · Nuova campagna: to whom, what, by which channels, and live who is left out and why. */
export function NewCampaign() {
  const exercise = useExercise()
  const today = useAppState().data?.today ?? isoDate(new Date().toISOString().slice(0, 10))
  const moment = { exercise, today }
  const navigate = useNavigate()
  const router = useRouter()
  const [url] = useUrlState()
  const [chosen] = useState(() => (url.scelte === 'si' ? chosenForDelivery() : null))
  const { remind, choose } = useReminderChoice()
  const [own, setOwn] = useState<Omit<Audience, 'remind'>>({
    purpose: url.sollecito === 'si' ? 'reminder' : 'notice',
    from: chosen ? 'chosen' : 'filter',
    issuanceId: url.lotto === undefined ? null : (Number(url.lotto) as Id<'issuance'>),
    states: ['issued', 'expired'],
    category: null,
    onlyNever: true,
  })
  const audience: Audience = { ...own, remind }
  const { purpose } = audience
  const defaults = useQuery(
    orpc.campaign.defaults.queryOptions({ input: { purpose }, staleTime: Number.POSITIVE_INFINITY }),
  )
  const mailAccounts = useQuery(orpc.mailAccount.list.queryOptions())
  const fileAccounts = useQuery(orpc.fileAccount.list.queryOptions())
  const io = useQuery(orpc.ioService.get.queryOptions())
  const letters = useLetterChoice()
  const places: Places = {
    mail: mailAccounts.data ?? [],
    files: fileAccounts.data ?? [],
    io: io.data,
    letters: letters.letters,
  }
  const [message, setMessage] = useState<
    Readonly<Partial<Record<Audience['purpose'], { readonly subject?: string; readonly body?: string }>>>
  >({})
  const [edited, setEdited] = useState<Partial<Ways>>({})
  const [confirming, setConfirming] = useState(false)
  const [starting, setStarting] = useState(false)
  const [approved, setApproved] = useState<string | null>(null)
  const [touched, setTouched] = useState(false)
  const touch = () => {
    setTouched(true)
    setConfirming(false)
  }
  const hold = useUnsaved(touched && !starting, PREPARED)

  const account = (kind: 'pec' | 'email') => places.mail.find((a) => a.kind === kind)?.id ?? null
  const lastFolder = defaults.data?.folder ?? null
  const none = account('pec') === null && account('email') === null
  const ways: Ways = {
    on: {
      pec: account('pec') !== null,
      email: account('email') !== null,
      folder: none,
      server: false,
      post: false,
      io: false,
    },
    pecAccountId: account('pec'),
    emailAccountId: account('email'),
    fileAccountId: places.files.length === 1 ? (places.files[0]?.id ?? null) : null,
    place: lastFolder === null ? null : { token: lastFolder, place: 'quella dell’ultima volta' },
    index: false,
    postMerged: false,
    letter: letters.chosen,
    startAt: null,
    startIncomplete: false,
    ...edited,
  }
  const subject = message[purpose]?.subject ?? defaults.data?.subject ?? ''
  const body = message[purpose]?.body ?? defaults.data?.body ?? ''
  const selection = selectionOf(audience, moment, chosen?.selection ?? null)
  const { ready, missing: missingWay } = channelsOf(ways)
  const mail = readsMessage(ready)
  const files = ready.includes('folder') || ready.includes('post')
  const input: CampaignInput | null =
    selection === null || ready.length === 0
      ? null
      : {
          selection,
          purpose,
          channels: ready,
          emailAccountId: ways.emailAccountId,
          pecAccountId: ways.pecAccountId,
          fileAccountId: ready.includes('server') ? ways.fileAccountId : null,
          folder: files ? (ways.place?.token ?? null) : null,
          index: ways.index,
          postMerged: ways.postMerged,
          letter: ways.letter,
          subject,
          body,
          startAt: ways.startAt,
        }
  // By its text: a new object at each drawing would be debounced for ever.
  const wanted = JSON.stringify(input)
  const [asked] = useDebouncedValue(wanted, 200)
  const preview = useQuery({
    ...orpc.campaign.preview.queryOptions({ input: JSON.parse(asked) as CampaignInput, enabled: asked !== 'null' }),
    placeholderData: keepPreviousData,
  })
  // What is confirmed is what was counted.
  const counted = asked === wanted && !preview.isPlaceholderData
  const shown = input === null ? undefined : preview.data
  // While the next is counted the last one is still to be read: a card that empties and fills again says nothing.
  const [sample, setSample] = useState<CampaignPreview['sample']>()
  if (shown && counted && shown.sample !== sample) setSample(shown.sample)
  const total = preview.error ? 0 : (shown?.channels.reduce((n, c) => n + c.count, 0) ?? 0)
  // What was looked at is approved; another choice of people or letter is looked at again.
  const looked = JSON.stringify([purpose, selection, ways.letter])
  const byPost = ready.includes('post')
  const missing =
    missingWay ??
    (mail && subject.trim() === '' ? 'Manca l’oggetto del messaggio.' : null) ??
    (byPost && total > 0 && approved !== looked
      ? 'Guarda indirizzi e campione della posta, poi spunta che vanno bene.'
      : null)
  const ask = () => {
    // Asked before the count of the last choice is there: the dialog comes with it.
    if (missing === null && !starting) setConfirming(true)
  }
  const start = () => {
    if (input === null) return
    setStarting(true)
    hold.letGo()
    void startJob({
      title: 'Preparo le consegne',
      subtitle: ready.map((c) => CHANNELS[c]).join(', '),
      unit: 'avvisi',
      cancelWord: 'Annulla la preparazione',
      cancelNote: 'Se annulli adesso non parte niente',
      run: (signal) => client.campaign.start(input, { signal }),
      onDone: ({ campaign }) => {
        if (router.state.location.pathname.startsWith('/consegne'))
          void navigate({ to: '/consegne', search: { campagna: String(campaign.id) } as never })
      },
      onCancelled: () => say('Preparazione annullata: non è partito niente.'),
    }).finally(() => setStarting(false))
    void navigate({ to: '/consegne' })
  }
  useKeys([{ keys: 'Ctrl+Enter', label: 'avvia…', run: ask }])
  return (
    <Page
      title={purpose === 'reminder' ? 'Nuova campagna di solleciti' : 'Nuova campagna di consegna'}
      about="niente parte finché non confermi"
      back="/consegne"
    >
      <div className="campaign-new">
        <AudienceZone
          audience={audience}
          onChange={(patch) => {
            touch()
            const { remind: whom, ...rest } = patch
            if (whom !== undefined) choose(whom)
            setOwn({ ...own, ...rest })
          }}
          moment={moment}
          chosenWords={chosen?.words ?? null}
        />
        <MessageZone
          subject={subject}
          body={body}
          onChange={(patch) => {
            touch()
            setMessage({ ...message, [purpose]: { ...message[purpose], ...patch } })
          }}
          sample={counted || input === null ? shown?.sample : sample}
          counting={input !== null && !counted && sample === undefined}
          error={preview.error ?? defaults.error ?? mailAccounts.error ?? fileAccounts.error ?? io.error}
          mail={mail}
          missing={missingWay}
          purpose={purpose}
          post={
            byPost && (
              <PostZone
                selection={selection}
                purpose={purpose}
                letter={ways.letter}
                looking={looked}
                approved={approved === looked}
                onApprove={(yes) => setApproved(yes ? looked : null)}
              />
            )
          }
        />
        <WaysZone
          ways={ways}
          onChange={(patch) => {
            touch()
            setEdited({ ...edited, ...patch })
          }}
          places={places}
          preview={shown}
          missing={missing}
          total={total}
          counted={counted}
          onStart={ask}
        />
      </div>
      {confirming && shown && counted && missing === null && total > 0 && (
        <ConfirmCampaign
          preview={shown}
          ways={ways}
          places={places}
          purpose={purpose}
          subject={mail ? subject : null}
          onClose={() => setConfirming(false)}
          onStart={start}
        />
      )}
    </Page>
  )
}
