/** What the first-run guide has been told so far; kept on this computer so that it can be left. */
export interface Answers {
  readonly name: string
  readonly fiscalCode: string
  readonly office: string
  readonly address: string
  readonly email: string
  readonly phone: string
  readonly segregationCode: string
  readonly cbill: string
  readonly environment: 'rehearsal' | 'uat' | 'production'
  readonly bankName: string
  readonly bankIban: string
  readonly postalIban: string
  readonly openingCents: number | null
  readonly exercise: number
  readonly standardChart: boolean
  readonly thenMail: boolean
}

const KEY = 'quietanza.primo-avvio'

function empty(): Answers {
  return {
    name: '',
    fiscalCode: '',
    office: '',
    address: '',
    email: '',
    phone: '',
    segregationCode: '01',
    cbill: '',
    environment: 'rehearsal',
    bankName: '',
    bankIban: '',
    postalIban: '',
    openingCents: null,
    exercise: new Date().getFullYear(),
    standardChart: true,
    thenMail: true,
  }
}

export function readAnswers(): Answers {
  try {
    return { ...empty(), ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Answers>) }
  } catch {
    return empty()
  }
}

export function saveAnswers(answers: Answers): void {
  localStorage.setItem(KEY, JSON.stringify(answers))
}

export function clearAnswers(): void {
  localStorage.removeItem(KEY)
}
