import type { Label as WireLabel } from '#contract/book'
import type { IsoDate } from '#domain/date'
import { isLabelCode, type Label, labelText, labelTitle, labelTone } from '#domain/labels'

/** A label of reconciliation as the screen reads it. */
export function wireLabel(label: Label, today: IsoDate): WireLabel {
  return { code: label.code, title: labelTitle(label.code), text: labelText(label, today), tone: labelTone(label.code) }
}

/** A stored label; a code that this program does not know is shown as it is, never hidden. */
export function storedLabel(
  stored: { readonly code: string | null; readonly paramsJson: string | null },
  today: IsoDate,
): WireLabel {
  const { code } = stored
  if (code === null) return { code: '', title: '', text: '', tone: 'neu' }
  if (!isLabelCode(code)) return { code, title: code, text: '', tone: 'neu' }
  return wireLabel({ code, params: JSON.parse(stored.paramsJson ?? '{}') as Label['params'] }, today)
}
