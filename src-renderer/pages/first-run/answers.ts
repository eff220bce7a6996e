import { logoKind } from '../../components/logo.ts'

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
  readonly bankName: string
  readonly bankIban: string
  readonly postalIban: string
  readonly openingCents: number | null
  readonly exercise: number
  readonly standardChart: boolean
  readonly thenMail: boolean
}

const KEY = 'quietanza.primo-avvio'
const LOGO_KEY = 'quietanza.primo-avvio.logo'

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
  localStorage.removeItem(LOGO_KEY)
}

/** Address, e-mail and telephone as they are printed in one line under the office. */
export function contactsOf(a: Answers): string {
  return [a.address, a.email, a.phone]
    .map((t) => t.trim())
    .filter((t) => t !== '')
    .join(' · ')
}

/** The chosen logo as a data address: at most 1,4 million characters, so it is kept apart from what is typed. */
export function readLogoAnswer(): string | null {
  return localStorage.getItem(LOGO_KEY)
}

export async function saveLogoAnswer(file: File | null): Promise<string | null> {
  if (file === null) {
    localStorage.removeItem(LOGO_KEY)
    return null
  }
  // By what stands in it: a file manager may not know its type.
  const type = (await logoKind(file)) === 'svg' ? 'image/svg+xml' : 'image/png'
  const url = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(new Blob([file], { type }))
  })
  try {
    localStorage.setItem(LOGO_KEY, url)
  } catch {
    // No room to remember it: it still serves while the guide is open.
  }
  return url
}

/** The file again, to be handed to the backend when the institution is there. */
export function logoFile(url: string): File {
  const binary = atob(url.slice(url.indexOf(',') + 1))
  const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0))
  const svg = url.startsWith('data:image/svg+xml')
  return svg
    ? new File([bytes], 'logo.svg', { type: 'image/svg+xml' })
    : new File([bytes], 'logo.png', { type: 'image/png' })
}
