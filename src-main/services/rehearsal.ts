import { writeRegister } from '#codecs/register-write'
import { isoDate, yearOf } from '#domain/date'
import type { Next } from '#domain/invented-people'
import { cents } from '#domain/money'
import { REHEARSAL_INSTITUTION, rehearsalRegister } from '#domain/rehearsal-register'
import { os, type ServiceContext } from './context.ts'
import { longWork } from './long-work.ts'
import { produceFile, today, XLSX_MIME } from './produced-file.ts'
import { setUpInstitution } from './set-up.ts'

const REHEARSAL_IBAN = 'IT66S0999912100000000012345'
/** In the form of Poste's permits, given to nobody. */
const REHEARSAL_AUTHORISATION = 'AUT. DB/PROVA 00000 DEL 02/01/2026'
const REHEARSAL_POSTAL_IBAN = 'IT60J0760112100000009912345'

/** Uniform numbers in [0, 1) from the host's random source, 32 bits each. */
export function uniform(context: Pick<ServiceContext, 'random'>): Next {
  return () => {
    const [a = 0, b = 0, c = 0, d = 0] = context.random.bytes(4)
    return (a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d) / 2 ** 32
  }
}

/** «Ordine di prova»: the invented institution with its chart, and its register of invented people ready to import. */
export const createRehearsal = os.institution.createRehearsal.handler(({ context, input, signal }) =>
  longWork(signal, async (report) => {
    const day = today(context)
    const year = yearOf(day)
    report('Preparo l’Ordine di prova', 0, 2)
    const opening = { openingDate: isoDate(`${year}-01-01`), openingCents: cents(0) }
    await setUpInstitution(context, {
      institution: REHEARSAL_INSTITUTION,
      exercise: year,
      accounts: [
        { kind: 'bank', name: 'Banca di prova', iban: REHEARSAL_IBAN, ...opening },
        { kind: 'postal', name: 'BancoPosta di prova', iban: REHEARSAL_POSTAL_IBAN, ...opening },
      ],
      standardChart: true,
      slip: { holder: REHEARSAL_INSTITUTION.name, authorisation: REHEARSAL_AUTHORISATION },
    })
    report('Scrivo il registro degli iscritti inventati', 1, 2)
    const rows = rehearsalRegister(input.members, year, uniform(context))
    const chunks = writeRegister(rows, context.clock.now())
    const file = await produceFile(context, `registro-di-prova-${year}.xlsx`, XLSX_MIME, chunks)
    report('Fatto', 2, 2)
    return { registerToken: file.token, members: input.members }
  }),
)
