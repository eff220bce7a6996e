import type { NoticeData } from '#domain/notice'
import type { FittedText, Room } from './fit.ts'
import type { Font } from './font.ts'
import { requireFit } from './paper-text.ts'

/** What each room held last: a campaign has one subject. */
const lately = new WeakMap<Room, { readonly text: string; readonly fitted: FittedText }>()

export type NoticeField = 'Oggetto' | 'Nome' | 'Indirizzo'

/** The texts of one notice fitted to their rooms, each once however often it is drawn. */
export class NoticeTexts {
  readonly notice: NoticeData
  readonly address: string
  readonly #fitted = new Map<Room, FittedText>()

  constructor(notice: NoticeData) {
    this.notice = notice
    this.address = notice.debtor.addressLines.filter((line) => line.trim() !== '').join('\n')
  }

  textOf(field: NoticeField): string {
    if (field === 'Oggetto') return this.notice.subject
    return field === 'Nome' ? this.notice.debtor.name : this.address
  }

  /** A room belongs to one field and face. @throws ProblemError naming person and field. */
  fit(field: NoticeField, font: Font, room: Room): FittedText {
    const known = this.#fitted.get(room)
    if (known !== undefined) return known
    const text = this.textOf(field)
    let last = lately.get(room)
    if (last?.text !== text) {
      last = { text, fitted: requireFit(font, text, room, { person: this.notice.debtor.name, field }) }
      lately.set(room, last)
    }
    const { fitted } = last
    this.#fitted.set(room, fitted)
    return fitted
  }
}
