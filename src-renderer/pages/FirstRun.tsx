import { Button } from '@mantine/core'
import { IconArrowRight, IconCheck, IconCircleX, IconDatabaseImport, IconFlask, IconLock } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { type Iban, readIban } from '#domain/iban'
import { composeNoticeNumber, groupNoticeNumber, isSegregationCode } from '#domain/notice-number'
import { useAppState } from '../app-state.ts'
import { client } from '../client.ts'
import { ErrorNote } from '../components/ErrorNote.tsx'
import { uploadFile } from '../components/files.ts'
import { say } from '../components/toast.ts'
import { JobDialog } from '../jobs/JobDialog.tsx'
import { startJob } from '../jobs/jobs.ts'
import { useKeys } from '../keys.ts'
import { errorText } from '../problems.ts'
import {
  type Answers,
  clearAnswers,
  contactsOf,
  logoFile,
  readAnswers,
  readLogoAnswer,
  saveAnswers,
  saveLogoAnswer,
} from './first-run/answers.ts'
import { FIRST_RUN_STEPS, StepBody, stepErrors } from './first-run/steps.tsx'

const PEOPLE_OF_REHEARSAL = 500

/** Primo avvio: six steps, checked while typing; it can be left and taken up again (picture 11). */
export function FirstRun() {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const state = useAppState()
  const [answers, setAnswers] = useState<Answers>(() => readAnswers())
  const [logo, setLogo] = useState<string | null>(() => readLogoAnswer())
  const [step, setStep] = useState(0)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const [tried, setTried] = useState(false)
  useEffect(() => saveAnswers(answers), [answers])
  useEffect(() => {
    document.title = 'Primo avvio · Quietanza'
  }, [])
  const configured = state.data?.configured === true
  // The news that the institution is there comes with the ledger's revision, perhaps before the answer to this page.
  const destination = useRef<string | null>('/')
  useEffect(() => {
    if (configured && destination.current !== null) void navigate({ to: destination.current, replace: true })
  }, [configured, navigate])

  const current = FIRST_RUN_STEPS[step]
  const following = FIRST_RUN_STEPS[step + 1]
  const errors = stepErrors(step, answers, tried)
  const set = (patch: Partial<Answers>) => setAnswers({ ...answers, ...patch })

  const finish = async () => {
    setBusy(true)
    setError(null)
    destination.current = answers.thenMail ? '/impostazioni/posta' : '/'
    try {
      await client.institution.setUp(toSetUp(answers))
      if (logo !== null) await sendLogo(logo)
      clearAnswers()
      await queries.invalidateQueries()
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  const takeLogo = async (file: File | null) => {
    // A drawing that cannot be printed is refused here, not after six steps.
    if (file !== null) await client.institution.checkLogo({ token: (await uploadFile(file)).token })
    setLogo(await saveLogoAnswer(file))
  }
  const next = () => {
    const missing = stepErrors(step, answers, true)
    if (missing.length > 0) {
      setTried(true)
      return
    }
    setTried(false)
    if (following) setStep(step + 1)
    else void finish()
  }
  const rehearse = () => {
    if (destination.current === null) return
    destination.current = null
    void startJob({
      title: 'Preparo «Ordine di prova»',
      subtitle: `${PEOPLE_OF_REHEARSAL} persone inventate`,
      unit: 'righe',
      cancelWord: 'Annulla la prova',
      cancelNote: 'Se annulli non resta niente',
      run: (signal) => client.institution.createRehearsal({ members: PEOPLE_OF_REHEARSAL }, { signal }),
      onDone: (result) => {
        void queries
          .invalidateQueries()
          .then(() => navigate({ to: '/importa', search: { leggi: result.registerToken } as never, replace: true }))
      },
      onCancelled: () => {
        destination.current = '/'
        void queries.invalidateQueries().then(() => navigate({ to: '/', replace: true }))
      },
    })
  }
  useKeys([{ keys: 'Ctrl+Enter', label: 'avanti', run: next, everywhere: true }])
  if (!current) return null
  return (
    <div className="first">
      <aside className="first-side" aria-label="Passi">
        <div className="first-brand">
          <span className="first-logo" aria-hidden>
            <IconCheck size={16} stroke={3} />
          </span>
          Quietanza
        </div>
        <p className="first-claim">Sei cose da sapere, poi si comincia.</p>
        <p>Circa 8 minuti. Puoi fermarti: riprendi da dove eri.</p>
        <ol>
          {FIRST_RUN_STEPS.map((s, i) => (
            <li key={s.title}>
              <button
                type="button"
                aria-current={i === step ? 'step' : undefined}
                disabled={i > step}
                onClick={() => setStep(i)}
              >
                <span className="first-number">
                  {i < step ? <IconCheck size={13} stroke={3} aria-label="fatto" /> : i + 1}
                </span>
                <span>
                  <b>{s.title}</b>
                  <span>{s.about}</span>
                </span>
              </button>
            </li>
          ))}
        </ol>
        <p className="first-lock">
          <IconLock size={16} stroke={1.7} aria-hidden /> I dati restano su questo computer, in un solo archivio che
          puoi copiare.
        </p>
      </aside>
      <main className="first-main">
        <form
          className="first-form"
          onSubmit={(event) => {
            event.preventDefault()
            next()
          }}
        >
          <h1>{current.title}</h1>
          <p className="ink2">{current.lead}</p>
          <StepBody step={step} answers={answers} logo={logo} onLogo={takeLogo} set={set} complain={tried} />
          <ErrorNote error={error} />
          <button type="submit" hidden aria-hidden tabIndex={-1} />
        </form>
        <aside className="first-beside" aria-label="Altre strade">
          <section className="card card-body">
            <h2>
              <IconFlask size={18} stroke={1.7} className="t-acc" aria-hidden /> Vuoi prima provare?
            </h2>
            <p>
              Creiamo «Ordine di prova» con {PEOPLE_OF_REHEARSAL} iscritti inventati e il loro registro delle quote:
              l’intera strada in pochi minuti, senza spedire nulla a nessuno.
            </p>
            <Button fullWidth variant="light" onClick={rehearse}>
              Crea «Ordine di prova»
            </Button>
          </section>
          <section className="card card-body">
            <h2>
              <IconDatabaseImport size={18} stroke={1.7} className="t-acc" aria-hidden /> Hai già un archivio?
            </h2>
            <p>Chiudi il programma, metti la copia di sicurezza al posto di questo archivio e riaprilo:</p>
            <p className="mono first-place">{state.data?.ledger.place}</p>
            <p>Se l’archivio sta in un’altra cartella, avvia il programma indicandola:</p>
            <p className="mono first-place">npm start -- --data &lt;cartella&gt;</p>
          </section>
          <section className="first-number-note">
            <b>Come sarà il numero avviso</b>
            <span className="mono">{sampleNumber(answers.segregationCode)}</span>
            <span>
              3 · segregazione {isSegregationCode(answers.segregationCode) ? answers.segregationCode : '··'} ·
              progressivo · controllo
            </span>
          </section>
        </aside>
        <footer className="first-foot">
          {errors.length > 0 && tried ? (
            <span className="t-bad st">
              <IconCircleX size={15} stroke={1.7} aria-hidden />
              {errors.length === 1 ? '1 campo da correggere' : `${errors.length} campi da correggere`}
            </span>
          ) : (
            <span className="muted">Passo {step + 1} di 6</span>
          )}
          <span className="foot-gap" />
          {step > 0 && (
            <Button size="sm" onClick={() => setStep(step - 1)}>
              Indietro
            </Button>
          )}
          <Button
            size="sm"
            variant="filled"
            loading={busy}
            rightSection={<IconArrowRight size={16} stroke={1.7} aria-hidden />}
            onClick={next}
          >
            {following ? `Avanti: ${following.title.toLocaleLowerCase('it').replace('pagopa', 'pagoPA')}` : 'Comincia'}
          </Button>
        </footer>
      </main>
      <JobDialog />
    </div>
  )
}

/** The institution is already there: a logo that is refused is said, and can be chosen again in Impostazioni. */
async function sendLogo(url: string): Promise<void> {
  try {
    const { token } = await uploadFile(logoFile(url))
    await client.institution.setLogo({ token })
  } catch (error) {
    say(`Il logo non è stato preso: ${errorText(error)} Sceglilo di nuovo in Impostazioni, Ente.`)
  }
}

/** Any number of the right shape, with its true check digits. */
function sampleNumber(segregation: string): string {
  if (!isSegregationCode(segregation)) return '····'
  return groupNoticeNumber(composeNoticeNumber(segregation, 2_176_543_210_987).noticeNumber)
}

function toSetUp(a: Answers): Parameters<typeof client.institution.setUp>[0] {
  const account = (kind: 'bank' | 'postal', name: string, text: string) => {
    const reading = readIban(text)
    if (reading.state !== 'ok') return []
    return [
      {
        id: null,
        kind,
        name,
        iban: reading.iban as Iban,
        openingDate: `${a.exercise}-01-01` as never,
        openingCents: (kind === 'bank' ? (a.openingCents ?? 0) : 0) as never,
      },
    ]
  }
  return {
    institution: {
      fiscalCode: a.fiscalCode.trim(),
      name: a.name.trim(),
      office: a.office.trim(),
      cbill: a.cbill.trim().toUpperCase(),
      info: contactsOf(a),
      segregationCode: a.segregationCode,
    },
    exercise: a.exercise,
    accounts: [
      ...account('bank', a.bankName.trim() || 'Conto bancario', a.bankIban),
      ...account('postal', 'Conto postale', a.postalIban),
    ],
    standardChart: a.standardChart,
  }
}
