import { IconCopy } from '@tabler/icons-react'
import { NoticeNumberText } from '../../components/cells.tsx'
import { say } from '../../components/toast.ts'

/** A notice number with the button that copies it without blanks; `of` names it where there are many («della rata 2»). */
export function CopyNumber({ value, of = '' }: { readonly value: string; readonly of?: string }) {
  const name = `Copia il numero avviso${of === '' ? '' : ` ${of}`}`
  return (
    <span className="copy-line">
      <NoticeNumberText value={value} />
      <button
        type="button"
        className="copy-button"
        aria-label={name}
        title={`${name}, senza spazi`}
        onClick={() => void navigator.clipboard.writeText(value).then(() => say('Numero avviso copiato.'))}
      >
        <IconCopy size={14} stroke={1.7} aria-hidden />
      </button>
    </span>
  )
}
