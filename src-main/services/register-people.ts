import type { Id } from '#domain/brand'
import { isOmocodic, personCheckLetter, withoutOmocodia } from '#domain/fiscal-code'
import { alboOf, isSameText } from '#domain/person-difference'
import { type Problem, problem } from '#domain/problem'
import type { RegisterDoubt } from '#domain/register-doubts'
import type { RegisterPerson } from '#domain/register-row'
import type { ReadHandle } from '#ledger/ledger'
import {
  type KnownPerson,
  readKnownPeople,
  readMergedCodes,
  readOpenAlboEntries,
  readOpenMails,
} from '#ledger/people-import'

/** Somebody who may be the person of a row under another code: from the archive, or from another row of the file. */
interface Lookalike {
  readonly code: string
  readonly name: string
  /** «in anagrafica», «alla riga 12» */
  readonly where: string
}

/** One box for a whole office: beyond as many readers it tells nothing of who somebody is. */
const MAX_READERS = 50

type Likeness = 'vat' | 'albo' | 'plain'

/** The people that a register is judged by: who is known by code, and who looks like whom. */
export class PeopleIndex {
  readonly byCode: ReadonlyMap<string, KnownPerson>
  readonly #like: Record<Likeness, Map<string, Lookalike>>
  /** Who reads which e-mail box, lower case. */
  readonly #boxes: Map<string, Lookalike[]>

  constructor(
    byCode: ReadonlyMap<string, KnownPerson>,
    like: Record<Likeness, Map<string, Lookalike>>,
    boxes: Map<string, Lookalike[]>,
  ) {
    this.byCode = byCode
    this.#like = like
    this.#boxes = boxes
  }

  /** Who else the row may be about, in the archive and in the rows seen before; then the row is among them. */
  lookalikes(row: RegisterPerson): RegisterDoubt[] {
    const { fiscalCode: code } = row
    const doubts: RegisterDoubt[] = []
    const mine: Lookalike = { code, name: row.name, where: `alla riga ${row.row}` }
    const other = (kind: Likeness, key: string): Lookalike | null => {
      const found = this.#like[kind].get(key)
      if (found === undefined) this.#like[kind].set(key, mine)
      return found === undefined || found.code === code ? null : found
    }
    const note = (field: RegisterDoubt['field'], excerpt: string, found: Problem) =>
      doubts.push({ field, excerpt, problem: { ...found, severity: 'warning' } })
    const vat = row.vatNumber === null ? null : other('vat', row.vatNumber)
    if (vat !== null && row.vatNumber !== null) {
      note('vatNumber', row.vatNumber, problem('PERSON_SAME_VAT', about(row.vatNumber, vat)))
    }
    const albo = row.alboNumber === null ? null : other('albo', alboKey(alboOf(row, row.category), row.alboNumber))
    if (albo !== null && row.alboNumber !== null) {
      note('alboNumber', row.alboNumber, problem('PERSON_SAME_ALBO', about(row.alboNumber, albo)))
    }
    const named = row.email === null ? null : this.#namesake(row.email.toLowerCase(), mine)
    if (named !== null && named !== vat && named !== albo) {
      note('fiscalCode', code, problem('PERSON_SAME_NAME', about(code, named)))
    }
    if (code.length === 16) {
      const plain = other('plain', withoutOmocodia(row.fiscalCode)) ?? this.#withoutLetters(row)
      if (plain !== null) note('fiscalCode', code, problem('PERSON_OMOCODIA', about(code, plain)))
    }
    return doubts
  }

  #namesake(box: string, mine: Lookalike): Lookalike | null {
    const readers = this.#boxes.get(box)
    if (readers === undefined) {
      this.#boxes.set(box, [mine])
      return null
    }
    const found = readers.find((one) => one.code !== mine.code && isSameText(one.name, mine.name))
    if (readers.length < MAX_READERS && !readers.some((one) => one.code === mine.code)) readers.push(mine)
    return found ?? null
  }

  #withoutLetters(row: RegisterPerson): Lookalike | null {
    const code = plainCode(row)
    const person = code === null ? undefined : this.byCode.get(code)
    return code === null || person === undefined ? null : { code, name: person.name, where: 'in anagrafica' }
  }
}

/** The code that a person had before somebody else was found to have the same. */
function plainCode(row: RegisterPerson): string | null {
  if (!isOmocodic(row.fiscalCode)) return null
  const plain = withoutOmocodia(row.fiscalCode)
  return plain + personCheckLetter(plain)
}

function about(value: string, other: Lookalike) {
  return { value, other: other.name, where: other.where }
}

const alboKey = (albo: string, number: string) => `${albo}|${number}`

/** Whom an index must know: by what rows say of them. */
export interface PeopleWanted {
  readonly codes: readonly string[]
  readonly vatNumbers: readonly string[]
  readonly alboNumbers: readonly string[]
  /** Lower case. */
  readonly mails: readonly string[]
}

export function wantedBy(rows: readonly RegisterPerson[]): PeopleWanted {
  return {
    codes: rows.flatMap((row) => [row.fiscalCode, plainCode(row) ?? row.fiscalCode]),
    vatNumbers: rows.flatMap((row) => row.vatNumber ?? []),
    alboNumbers: rows.flatMap((row) => row.alboNumber ?? []),
    mails: rows.flatMap((row) => row.email?.toLowerCase() ?? []),
  }
}

/** Who is in the archive: everybody, or no more than is wanted. */
export async function readPeopleIndex(db: ReadHandle, wanted: PeopleWanted | null): Promise<PeopleIndex> {
  const merged = await readMergedCodes(db)
  const entries = await readOpenAlboEntries(db, wanted && { numbers: wanted.alboNumbers, personIds: [] })
  const boxes = await readOpenMails(db, wanted?.mails ?? null)
  const named = [...entries, ...boxes].map((one) => one.personId)
  const people = await readKnownPeople(
    db,
    wanted && { ...wanted, ids: [...wanted.codes.flatMap((code) => merged.get(code) ?? []), ...named] },
  )
  const byId = new Map<Id<'person'>, KnownPerson>(people.map((person) => [person.id, person]))
  const byCode = new Map<string, KnownPerson>()
  const like: Record<Likeness, Map<string, Lookalike>> = {
    vat: new Map(),
    albo: new Map(),
    plain: new Map(),
  }
  const shown = (person: KnownPerson): Lookalike => ({
    code: person.fiscalCode ?? '',
    name: person.name,
    where: 'in anagrafica',
  })
  for (const [code, id] of merged) {
    const survivor = byId.get(id)
    if (survivor !== undefined) byCode.set(code, survivor)
  }
  for (const person of people) {
    const { fiscalCode, vatNumber } = person
    if (fiscalCode !== null) byCode.set(fiscalCode, person)
    if (vatNumber !== null) like.vat.set(vatNumber, shown(person))
    if (fiscalCode !== null && isOmocodic(fiscalCode)) like.plain.set(withoutOmocodia(fiscalCode), shown(person))
  }
  for (const { personId, albo, number } of entries) {
    const person = byId.get(personId)
    if (person !== undefined) like.albo.set(alboKey(albo, number), shown(person))
  }
  const mailReaders = new Map<string, Lookalike[]>()
  for (const { personId, value } of boxes) {
    const person = byId.get(personId)
    if (person === undefined) continue
    const readers = mailReaders.get(value.toLowerCase())
    if (readers === undefined) mailReaders.set(value.toLowerCase(), [shown(person)])
    else if (readers.length < MAX_READERS) readers.push(shown(person))
  }
  return new PeopleIndex(byCode, like, mailReaders)
}
