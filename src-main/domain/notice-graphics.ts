/**
 * Pieces of the official graphic kit that an institution gets from pagoPA and from Poste and loads once. They are
 * trademarks: without them the notice carries neutral words or drawings of our own in their place.
 */
export const NOTICE_GRAPHICS = {
  pagopa: { label: 'Marchio pagoPA', stem: 'logo-pagopa', obligatory: 'always' },
  title: { label: 'Scritta «Avviso di pagamento»', stem: 'scritta-avviso-di-pagamento', obligatory: 'never' },
  devices: { label: 'Canali digitali', stem: 'canali-digitali', obligatory: 'never' },
  places: { label: 'Canali fisici', stem: 'canali-fisici', obligatory: 'never' },
  bancoPosta: { label: 'Marchio BancoPosta', stem: 'logo-bancoposta', obligatory: 'postal' },
  poste: { label: 'Marchio Poste Italiane', stem: 'logo-poste-italiane', obligatory: 'postal' },
  slip: { label: 'Marchio del bollettino postale', stem: 'logo-bollettino-postale', obligatory: 'postal' },
  euro: { label: 'Simbolo dell’euro del bollettino', stem: 'logo-euro-bollettino', obligatory: 'never' },
} as const satisfies Record<
  string,
  { readonly label: string; readonly stem: string; readonly obligatory: 'always' | 'postal' | 'never' }
>

export type NoticeGraphic = keyof typeof NOTICE_GRAPHICS

export const NOTICE_GRAPHIC_KINDS = Object.keys(NOTICE_GRAPHICS) as readonly NoticeGraphic[]

/** Which piece a file of the kit is, by its name («logo-pagopa.svg», «logo-pagopa@3x.png»); null when it is none. */
export function graphicOfFileName(name: string): NoticeGraphic | null {
  const stem = name
    .toLowerCase()
    .replace(/^.*[\\/]/, '')
    .replace(/(@\dx)?\.(svg|png)$/, '')
  return NOTICE_GRAPHIC_KINDS.find((kind) => NOTICE_GRAPHICS[kind].stem === stem) ?? null
}
