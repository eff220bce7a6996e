import { type RefObject, useRef } from 'react'

type Field = HTMLTextAreaElement | HTMLInputElement

/** Puts `{field}` where the cursor stands in a text, and leaves the cursor after it. */
export function useFieldInsert<E extends Field>(
  text: string,
  onChange: (text: string) => void,
): { readonly ref: RefObject<E | null>; readonly insert: (field: string) => void } {
  const ref = useRef<E>(null)
  return {
    ref,
    insert: (field) => {
      const at = ref.current?.selectionStart ?? text.length
      const to = ref.current?.selectionEnd ?? at
      const after = at + field.length + 2
      onChange(`${text.slice(0, at)}{${field}}${text.slice(to)}`)
      setTimeout(() => {
        ref.current?.focus()
        ref.current?.setSelectionRange(after, after)
      }, 0)
    },
  }
}
