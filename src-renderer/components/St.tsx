import {
  type Icon,
  IconAlertTriangle,
  IconBan,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconClockHour4,
  IconHelpCircle,
} from '@tabler/icons-react'
import { type StateFamily, stateWord, type Tone } from '#domain/vocabulary'

const ICONS: Readonly<Record<Tone, Icon>> = {
  ok: IconCircleCheck,
  info: IconClockHour4,
  warn: IconAlertTriangle,
  bad: IconCircleX,
  unc: IconHelpCircle,
  neu: IconCircleDashed,
}

/** The icon of a state's tone; documents taken back get the barred circle. */
export function toneIcon(tone: Tone, code?: string): Icon {
  return code === 'cancelled' || code === 'annulled' ? IconBan : ICONS[tone]
}

interface StProps {
  readonly family: StateFamily
  readonly code: string
  /** After the word: «Scaduta da 14 giorni». */
  readonly more?: string
  /** As a pill, for panels. */
  readonly pill?: boolean
}

/** A state: icon, word and colour, never colour alone (SCREENS.md §4). */
export function St({ family, code, more, pill }: StProps) {
  const { word, tone } = stateWord(family, code)
  return (
    <ToneText tone={tone} code={code} {...(pill ? { pill } : {})}>
      {more ? `${word} ${more}` : word}
    </ToneText>
  )
}

/** Any short text in a tone, with the tone's icon. */
export function ToneText({
  tone,
  code,
  pill,
  children,
}: {
  readonly tone: Tone
  readonly code?: string
  readonly pill?: boolean
  readonly children: string
}) {
  const Shape = toneIcon(tone, code)
  return (
    <span className={`st t-${tone}${pill ? ` pill bg-${tone}` : ''}`} title={children}>
      <Shape size={14} stroke={1.7} aria-hidden />
      <span className="cut">{children}</span>
    </span>
  )
}

/** A state as an icon column: the word is in `title` and hidden text. */
export function StIcon({
  tone,
  word,
  icon: Given,
}: {
  readonly tone: Tone
  readonly word: string
  readonly icon?: Icon
}) {
  const Shape = Given ?? ICONS[tone]
  return (
    <span className={`t-${tone}`} title={word}>
      <Shape size={16} stroke={1.7} aria-hidden />
      <span className="visually-hidden">{word}</span>
    </span>
  )
}
