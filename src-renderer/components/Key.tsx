import { keyWords } from '../keys.ts'

/** A key cap: `<Key keys="Shift+F8" />` reads «Maiusc F8». */
export function Key({ keys }: { readonly keys: string }) {
  return <kbd className="key">{keyWords(keys)}</kbd>
}
