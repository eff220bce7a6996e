import type { InferContractRouterOutputs } from '@orpc/contract'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { Contract } from '#contract/contract'
import type { FileToken } from '#domain/ports'
import type { RegisterEncoding, RegisterMapping, RegisterSeparator } from '#domain/register-mapping'
import { orpc } from '../../client.ts'
import { onColumns, sameMapping, withoutColumns } from './mapping-edit.ts'

export type Look = InferContractRouterOutputs<Contract>['registerImport']['look']
export type Profile = InferContractRouterOutputs<Contract>['registerProfile']['list'][number]
/** The profile that reads the file now, without its layout. */
export type ProfileName = Omit<Profile, 'mapping' | 'headings'>

/** Which part of the file is looked at; null lets the program choose. `headerRow` 0 = there are no headings. */
interface Asked {
  readonly sheet: string | null
  readonly headerRow: number | null
  readonly encoding: RegisterEncoding | null
  readonly separator: RegisterSeparator | null
}

interface Edited {
  readonly asked: Asked
  /** Null while it is as the program proposes it. */
  readonly mapping: RegisterMapping | null
  /** What was said before another sheet or heading row was asked for. */
  readonly before: RegisterMapping | null
  /** A profile chosen or saved here, with its mapping on this file; null: the one that was recognised, if any. */
  readonly chosen: { readonly profile: ProfileName; readonly mapping: RegisterMapping } | null
}

const UNTOUCHED: Edited = {
  asked: { sheet: null, headerRow: null, encoding: null, separator: null },
  mapping: null,
  before: null,
  chosen: null,
}

/** What was said of each file since the window opened: the check leads back to the columns as they were left. */
const kept = new Map<FileToken, Edited>()

/** The columns of one file while they are being assigned. */
export function useDraft(token: FileToken) {
  const [edited, setEdited] = useState<Edited>(() => kept.get(token) ?? UNTOUCHED)
  const change = (patch: Partial<Edited>) => {
    const next = { ...edited, ...patch }
    kept.set(token, next)
    setEdited(next)
  }
  const look = useQuery(
    orpc.registerImport.look.queryOptions({
      input: { token, ...edited.asked },
      staleTime: Number.POSITIVE_INFINITY,
      placeholderData: (before) => before,
    }),
  )
  const seen = look.data
  const proposed = useMemo(() => (seen ? onColumns(seen.mapping, seen.columns) : null), [seen])
  const base = edited.chosen?.mapping ?? proposed
  const profile: ProfileName | null = edited.chosen?.profile ?? seen?.profile ?? null
  const mapping = edited.mapping ?? (base && edited.before ? onward(base, edited.before) : base)
  return {
    look,
    mapping,
    profile,
    /** Whether the file would be read otherwise than its profile says; without a profile, than was proposed. */
    changed: mapping !== null && base !== null && !sameMapping(mapping, base),
    set: (next: RegisterMapping) => change({ mapping: next }),
    /** Looks at another sheet or heading row: columns are proposed anew, what does not come from columns stays. */
    ask: (patch: Partial<Asked>) =>
      change({
        asked: { ...edited.asked, ...patch },
        before: edited.mapping ?? edited.before,
        mapping: null,
        chosen: null,
      }),
    /** Reads the file as a profile says. */
    choose: (next: Profile) => {
      const on = seen ? onColumns(next.mapping, seen.columns) : next.mapping
      change({ mapping: null, before: null, chosen: { profile: next, mapping: inThisFile(on, seen) } })
    },
    /** The present mapping is that profile's now. */
    saved: (next: Profile) => mapping && change({ mapping: null, before: null, chosen: { profile: next, mapping } }),
    /** The same profile by another name. */
    renamed: (next: Profile) => base && change({ chosen: { profile: next, mapping: base } }),
    /** The profile is gone; the columns stay as they are. */
    forget: () => {
      change({ mapping, chosen: null })
      void look.refetch()
    },
    propose: () => change({ mapping: null, before: null, chosen: null }),
  }
}

export type Draft = ReturnType<typeof useDraft>

function onward(base: RegisterMapping, before: RegisterMapping): RegisterMapping {
  const { purpose, amountForm, dateForm } = before
  return { ...base, purpose, amountForm, dateForm, fields: { ...base.fields, ...withoutColumns(before) } }
}

/** A profile goes by its headings: sheet, heading row and text form are those of the file at hand. */
function inThisFile(mapping: RegisterMapping, seen: Look | undefined): RegisterMapping {
  if (seen === undefined) return mapping
  const { sheet, headerRow, encoding, separator } = seen.mapping
  return { ...mapping, sheet, headerRow, encoding, separator }
}

/** What was said of a file holds for its next version too; null where nothing was said of it. */
export function handOver(from: FileToken | undefined, to: FileToken): RegisterMapping | null {
  const said = from === undefined ? undefined : kept.get(from)
  const mapping = said?.mapping ?? said?.chosen?.mapping ?? null
  if (said !== undefined && mapping !== null) kept.set(to, said)
  return mapping
}
