import { addressLine } from '#domain/address-lines'
import type { Id } from '#domain/brand'
import { addDays, formatDate } from '#domain/date'
import { type FiscalCode, readFiscalCode, vatCheckDigit } from '#domain/fiscal-code'
import { readIban } from '#domain/iban'
import { isMailAddress } from '#domain/mail-address'
import { type Problem, ProblemError, problem, problemText } from '#domain/problem'
import { CATEGORIES, PERSON_FIELDS, PERSON_KINDS } from '#domain/vocabulary'
import type { ReadHandle } from '#ledger/ledger'
import { assigneeOf, insertNotes } from '#ledger/note-store'
import { closeContacts, insertContacts } from '#ledger/people-import'
import { readAlboOf, readContactsOf } from '#ledger/person-card'
import { familyIds, survivorWithCode } from '#ledger/person-family'
import { readIdentity } from '#ledger/person-merge'
import {
  alboNumberTaken,
  changesBetween,
  closeAlboEntry,
  contactOwner,
  type Identity,
  insertAlboEntry,
  insertPerson,
  keepChanges,
  markContactFailing,
  personWithCode,
  readAlboEntry,
  writeIdentity,
} from '#ledger/person-write'
import { command } from './command.ts'
import { os } from './context.ts'
import { BY_HAND, notesOfFamily, shownPerson } from './person-card.ts'
import { today } from './produced-file.ts'
import { reconcileDebts } from './reconcile-ledger.ts'

interface Typed {
  readonly kind: 'F' | 'G'
  readonly name: string
  readonly fiscalCode: string
  readonly vatNumber: string
  readonly category: Identity['category']
}

/** What was typed, checked: a wrong code is refused, one whose check character fails is told and taken. */
function readTyped(typed: Typed): { readonly identity: Identity; readonly warnings: string[] } {
  const warnings: string[] = []
  let fiscalCode: FiscalCode | null = null
  if (typed.fiscalCode !== '') {
    const value = typed.fiscalCode.replace(/\s+/g, '').toUpperCase()
    const reading = readFiscalCode(value)
    if (reading.state === 'wrong') {
      throw new ProblemError(
        reading.reason === 'structure'
          ? problem('FISCAL_CODE_STRUCTURE', { value })
          : problem('FISCAL_CODE_LENGTH', { value, length: reading.length }),
      )
    }
    if (reading.kind === 'F' && typed.kind === 'G') throw new ProblemError(problem('PERSON_CODE_KIND', { value }))
    if (reading.state === 'suspicious') {
      const warning: Problem = problem('FISCAL_CODE_SUSPICIOUS', { value, expected: reading.expected })
      warnings.push(problemText(warning))
    }
    fiscalCode = reading.code
  }
  const vatNumber = readVat(typed.vatNumber)
  return { identity: { kind: typed.kind, name: typed.name, fiscalCode, vatNumber, category: typed.category }, warnings }
}

function readVat(text: string): string | null {
  const value = text.replace(/\s+/g, '').replace(/^IT/i, '')
  if (value === '') return null
  if (!/^\d{11}$/.test(value)) throw new ProblemError(problem('VAT_FORM', { value }))
  const expected = vatCheckDigit(value.slice(0, 10))
  if (expected !== value[10]) throw new ProblemError(problem('VAT_CHECK', { value, expected }))
  return value
}

async function codeIsFree(db: ReadHandle, code: FiscalCode | null, but: Id<'person'> | null): Promise<void> {
  if (code === null) return
  const owner = (await personWithCode(db, code)) ?? (await survivorWithCode(db, code))
  if (owner === null || owner === but) return
  const { name } = await shownPerson(db, owner)
  throw new ProblemError(problem('PERSON_CODE_TAKEN', { value: code, name }))
}

/** Nobody's change is written over unseen. */
function asSeen(now: Identity, seen: Typed): void {
  const shown = {
    ...seen,
    fiscalCode: (seen.fiscalCode || null) as FiscalCode | null,
    vatNumber: seen.vatNumber || null,
  }
  const changed = changesBetween(shown, now)
  if (changed.length === 0) return
  const fields = changed.map(({ field, after }) => {
    const words: Readonly<Record<string, string>> = { ...PERSON_KINDS, ...CATEGORIES }
    return `${PERSON_FIELDS[field]} «${words[after] ?? after}»`
  })
  throw new ProblemError(problem('PERSON_CHANGED', { name: now.name, fields: fields.join(', ') }))
}

/** The person whose data may change: the survivor of a merge, not one that was erased. */
async function editable(db: ReadHandle, id: Id<'person'>) {
  const row = await shownPerson(db, id)
  if (row.erasedAt !== null) throw new ProblemError(problem('PERSON_ERASED', { name: row.name }))
  return row
}

export const personEdit = {
  create: os.person.create.handler(async ({ context, input }) => {
    const { identity, warnings } = readTyped(input)
    const id = await context.ledger.write(command(context, 'person.create', {}), async (db) => {
      await codeIsFree(db, identity.fiscalCode, null)
      return insertPerson(db, identity)
    })
    return { id, warnings }
  }),

  save: os.person.save.handler(async ({ context, input: { id, seen, ...typed } }) => {
    const { identity, warnings } = readTyped(typed)
    const at = context.clock.now()
    const by = { at, operator: context.operator }
    const written = command(context, 'person.save', { personId: id })
    return context.ledger.write(written, async (db) => {
      const row = await editable(db, id)
      const before = (await readIdentity(db, row.id)) as Identity
      if (seen !== null) asSeen(before, seen)
      const changes = changesBetween(before, identity)
      if (changes.length > 0) {
        if (before.fiscalCode !== identity.fiscalCode) await codeIsFree(db, identity.fiscalCode, row.id)
        await writeIdentity(db, row.id, identity)
        await keepChanges(db, row.id, changes, by)
        // Who pays is told by name and code.
        await reconcileDebts(db, at)
      }
      return { id: row.id, warnings }
    })
  }),

  saveContact: os.person.saveContact.handler(async ({ context, input }) => {
    const { personId, kind, value: typed, ...parts } = input
    const value = kind === 'iban' ? readTypedIban(typed) : typed
    if ((kind === 'email' || kind === 'pec') && value !== '' && !isMailAddress(value)) {
      throw new ProblemError(problem(kind === 'pec' ? 'PEC_WRONG' : 'EMAIL_WRONG', { value }))
    }
    const day = today(context)
    // The journal says that a contact changed, not which: personal data stays where it can be corrected.
    return context.ledger.write(command(context, 'person.saveContact', { personId, kind }), async (db) => {
      const { id } = await editable(db, personId)
      const line = kind === 'address' && parts.street !== null ? addressLine(parts) : value
      const open = (await readContactsOf(db, id)).filter((c) => c.kind === kind && c.validTo === null)
      if (open.some((c) => c.value === line && line !== '')) return readContactsOf(db, id)
      await closeContacts(
        db,
        open.map((c) => c.id),
        day,
      )
      if (line !== '') {
        const address = kind === 'address' ? parts : NO_PARTS
        await insertContacts(db, [
          {
            personId: id,
            kind,
            value: line,
            ...address,
            validFrom: day,
            validTo: null,
            source: BY_HAND,
            failedAt: null,
          },
        ])
      }
      return readContactsOf(db, id)
    })
  }),

  markContact: os.person.markContact.handler(({ context, input: { id, failing } }) =>
    context.ledger.write(command(context, 'person.markContact', { id, failing }), async (db) => {
      const owner = await contactOwner(db, id)
      if (owner === undefined) throw new ProblemError(problem('CONTACT_GONE', {}))
      await markContactFailing(db, id, failing ? context.clock.now() : null)
      return readContactsOf(db, owner.personId)
    }),
  ),

  saveAlbo: os.person.saveAlbo.handler(({ context, input: { personId, id: replaced, ...typed } }) => {
    const entry = { ...typed, section: typed.section === '' ? null : typed.section }
    return context.ledger.write(command(context, 'person.saveAlbo', { personId }), async (db) => {
      const person = await editable(db, personId)
      if (replaced !== null) {
        const before = await readAlboEntry(db, replaced)
        const family = await familyIds(db, person.id)
        if (before === undefined || before.to !== null || !family.includes(before.personId)) {
          throw new ProblemError(problem('ALBO_GONE', {}))
        }
        const dayBefore = addDays(entry.from, -1)
        if (dayBefore < before.from) {
          throw new ProblemError(problem('ALBO_DATES', { from: formatDate(before.from), to: formatDate(dayBefore) }))
        }
        await closeAlboEntry(db, replaced, dayBefore)
      }
      const holder = await alboNumberTaken(db, entry)
      if (holder !== null) {
        throw new ProblemError(problem('ALBO_NUMBER_TAKEN', { albo: entry.albo, number: entry.number, name: holder }))
      }
      await insertAlboEntry(db, { personId: person.id, ...entry, to: null })
      return readAlboOf(db, person.id)
    })
  }),

  closeAlbo: os.person.closeAlbo.handler(({ context, input: { id, to } }) =>
    context.ledger.write(command(context, 'person.closeAlbo', { id, to }), async (db) => {
      const entry = await readAlboEntry(db, id)
      if (entry === undefined || entry.to !== null) throw new ProblemError(problem('ALBO_GONE', {}))
      if (to < entry.from) {
        throw new ProblemError(problem('ALBO_DATES', { from: formatDate(entry.from), to: formatDate(to) }))
      }
      await closeAlboEntry(db, id, to)
      return readAlboOf(db, (await shownPerson(db, entry.personId)).id)
    }),
  ),

  note: os.person.note.handler(({ context, input: { id: noted, text, assignee } }) => {
    const at = context.clock.now()
    const { operator } = context
    // What a note says can be erased; the journal cannot forget, so it does not say it.
    return context.ledger.write(command(context, 'person.note', { personId: noted }), async (db) => {
      const { id } = await editable(db, noted)
      if (text !== '' || assignee !== null) {
        await insertNotes(db, [{ subjectKind: 'person', subjectId: id }], { text, assignee, at, operator })
      }
      const notes = await notesOfFamily(db, await familyIds(db, id))
      return { notes, assignee: assigneeOf(notes) }
    })
  }),
}

const IBAN_REASONS = {
  empty: 'manca',
  structure: 'non ne ha la forma',
  check: 'le cifre di controllo non tornano',
  cin: 'il carattere CIN non torna',
} as const

function readTypedIban(typed: string): string {
  if (typed.trim() === '') return ''
  const reading = readIban(typed)
  if (reading.state === 'ok') return reading.iban
  throw new ProblemError(problem('PERSON_IBAN_WRONG', { value: typed, reason: IBAN_REASONS[reading.reason] }))
}

const NO_PARTS = { street: null, civicNumber: null, postalCode: null, city: null, province: null, country: null }
