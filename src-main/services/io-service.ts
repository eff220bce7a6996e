import { ioRecipient } from '#domain/io-message'
import type { IoService } from '#domain/ports'
import { ProblemError, problem } from '#domain/problem'
import { type IoServiceValues, readIoService, saveIoService } from '#ledger/io-service'
import { command } from './command.ts'
import { os, type ServiceContext } from './context.ts'
import { checkTemplates } from './letter.ts'
import { readPublicationText, savePublicationText } from './publication-text.ts'

/** Name under which the keychain keeps the key of the service. */
export const IO_SECRET = 'io:key'

/** Off until somebody writes a key. No limit of App IO is published: one a second troubles nobody. */
const OFF: IoServiceValues = {
  enabled: false,
  baseUrl: 'https://api.io.pagopa.it/api/v1',
  pacing: { perMinute: 60, perDay: null, batch: null, window: null },
}

/** The fiscal code that App IO keeps for trials: it tells whether the key is good without asking about anybody. */
const TRIAL_CODE = 'AAAAAA00A00A000A'

/** App IO ready to be asked. @throws ProblemError where it is off or has no key. */
export async function needIoService(context: ServiceContext): Promise<IoService> {
  const values = await context.ledger.read(readIoService)
  const key = await context.secrets.get(IO_SECRET)
  if (values?.enabled !== true || key === null) throw new ProblemError(problem('IO_OFF', {}))
  return { baseUrl: values.baseUrl, key }
}

/** Whether App IO answers and takes the key. @throws ProblemError in words. */
export async function checkIoKey(context: ServiceContext, service: IoService): Promise<void> {
  const answer = await context.io.profile(service, TRIAL_CODE)
  if (answer.kind === 'permanent') throw new ProblemError(problem('IO_KEY', { reason: answer.reason }))
  // Nobody answered at all; who answers that it has too much to do will be asked again for each message.
  if ((answer.kind === 'temporary' || answer.kind === 'unknown') && answer.reply === '') {
    throw new ProblemError(problem('IO_UNREACHABLE', { reason: answer.reason }))
  }
}

async function serviceOut(context: ServiceContext) {
  const { pacing, ...values } = (await context.ledger.read(readIoService)) ?? OFF
  const { window } = pacing
  // The wire's lists can be written to, the domain's cannot.
  const wire = { ...pacing, window: window === null ? null : { ...window, days: [...window.days] } }
  const publication = await context.ledger.read(readPublicationText)
  return { ...values, pacing: wire, hasKey: (await context.secrets.get(IO_SECRET)) !== null, publication }
}

export const ioService = {
  get: os.ioService.get.handler(({ context }) => serviceOut(context)),

  save: os.ioService.save.handler(async ({ context, input }) => {
    const { key, publication, ...values } = input
    if (publication !== null) checkTemplates(publication)
    const present = (await context.secrets.get(IO_SECRET)) !== null
    const will = key === null ? present : key.trim() !== ''
    if (values.enabled && !will) throw new ProblemError(problem('IO_KEY_MISSING', {}))
    // The key first: what is switched on can be used at once.
    if (key !== null && key.trim() === '') await context.secrets.delete(IO_SECRET)
    else if (key !== null) await context.secrets.set(IO_SECRET, key.trim())
    const payload = { enabled: values.enabled, baseUrl: values.baseUrl, perMinute: values.pacing.perMinute }
    await context.ledger.write(command(context, 'ioService.save', payload), async (db) => {
      await saveIoService(db, values)
      if (publication !== null) await savePublicationText(db, publication)
    })
    context.outbox.kick()
    return serviceOut(context)
  }),

  /** Key, then the profile of one person: nothing is sent. */
  test: os.ioService.test.handler(async ({ context, input }) => {
    const values = (await context.ledger.read(readIoService)) ?? OFF
    const key = await context.secrets.get(IO_SECRET)
    if (key === null) return [{ step: 'Chiave', ok: false, ms: 0, text: 'Non c’è nessuna chiave: scrivila e salva.' }]
    const service = { baseUrl: values.baseUrl, key }
    const steps: { step: string; ok: boolean; ms: number; text: string }[] = []
    const run = async (step: string, work: () => Promise<{ ok: boolean; text: string }>) => {
      const started = context.clock.epochMs()
      const { ok, text } = await work()
      steps.push({ step, ok, ms: Math.max(0, Math.round(context.clock.epochMs() - started)), text })
      return ok
    }
    const known = await run('Chiave', async () => {
      try {
        await checkIoKey(context, service)
        return { ok: true, text: 'App IO risponde e riconosce la chiave.' }
      } catch (error) {
        if (error instanceof ProblemError) return { ok: false, text: error.message }
        throw error
      }
    })
    const fiscalCode = ioRecipient(input.fiscalCode)
    if (!known || input.fiscalCode.trim() === '') return steps
    await run('Profilo', async () => {
      if (fiscalCode === null) return { ok: false, text: 'Questo non è il codice fiscale di una persona.' }
      const answer = await context.io.profile(service, fiscalCode)
      if (answer.kind === 'allowed') return { ok: true, text: 'È su App IO e riceve i messaggi di questo servizio.' }
      if (answer.kind === 'notEnrolled') return { ok: false, text: NOT_ENROLLED }
      if (answer.kind === 'refused') return { ok: false, text: REFUSED }
      return { ok: false, text: 'reason' in answer ? answer.reason : answer.kind }
    })
    return steps
  }),
}

export const NOT_ENROLLED = 'Non è su App IO.'
export const REFUSED = 'È su App IO, ma ha scelto di non ricevere i messaggi di questo servizio.'
