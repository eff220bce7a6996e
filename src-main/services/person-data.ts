import { xlsxBytes } from '#codecs/xlsx-write'
import type { Id } from '#domain/brand'
import { type IsoDate, isoDate, romeDate } from '#domain/date'
import { formatCents } from '#domain/money'
import { ProblemError, problem } from '#domain/problem'
import {
  CATEGORIES,
  CHANNELS,
  CONTACT_KINDS,
  deliveryWord,
  PERSON_FIELDS,
  PERSON_KINDS,
  stateWord,
} from '#domain/vocabulary'
import type { ReadHandle } from '#ledger/ledger'
import { readPersonData } from '#ledger/person-data'
import { erasePeople, type Held, readHeld, standsInBooks } from '#ledger/person-erase'
import { familyIds } from '#ledger/person-family'
import type { PersonRow } from '#ledger/person-list'
import { command } from './command.ts'
import { os } from './context.ts'
import { shownPerson } from './person-card.ts'
import { notReserved } from './person-merge.ts'
import { fileNameOf, produceFile, today, XLSX_MIME } from './produced-file.ts'
import { reconcileDebts } from './reconcile-ledger.ts'

/** The books are kept ten years from the end of their exercise (art. 2220 c.c.). */
const YEARS_KEPT = 10

export const personData = {
  exportData: os.person.exportData.handler(async ({ context, input }) => {
    // Whose data left is written down, the data are not.
    const exported = await context.ledger.write(
      command(context, 'person.exportData', { personId: input.id }),
      async (db) => {
        const person = await shownPerson(db, input.id)
        const data = await readPersonData(db, await familyIds(db, person.id))
        return { person, data }
      },
    )
    const { person, data } = exported
    const day = today(context)
    const title = `Dati di ${person.name}`
    const workbook = await xlsxBytes(sheetsOf(person, data), { createdAt: context.clock.now() })
    const json = new TextEncoder().encode(`${JSON.stringify({ on: day, person, ...data }, null, 2)}\n`)
    return {
      workbook: await produceFile(context, fileNameOf(title, day, 'xlsx'), XLSX_MIME, [workbook]),
      json: await produceFile(context, fileNameOf(title, day, 'json'), 'application/json', [json]),
    }
  }),

  erasePreview: os.person.erasePreview.handler(({ context, input }) =>
    context.ledger.read(async (db) => {
      const { person, held } = await toErase(db, input.id)
      const books = standsInBooks(held)
      return {
        name: person.name,
        wholly: !books,
        blocked: blockedBy(held),
        goes: [...goes(held), ...(books ? [] : [{ what: 'Nome, codice fiscale e tutta la scheda', count: 1 }])].filter(
          ({ count }) => count > 0,
        ),
        stays: (books ? stays(held) : []).filter(({ count }) => count > 0),
        until: keptUntil(held),
      }
    }),
  ),

  erase: os.person.erase.handler(({ context, input: { id, reason } }) => {
    const at = context.clock.now()
    return context.ledger.write(command(context, 'person.erase', { personId: id, reason }), async (db) => {
      const { person, held, ids } = await toErase(db, id)
      if (person.erasedAt !== null) throw new ProblemError(problem('PERSON_ERASED', { name: person.name }))
      const blocked = blockedBy(held)
      if (blocked.length > 0) {
        throw new ProblemError(problem('ERASE_BLOCKED', { name: person.name, reasons: blocked.join('; ') }))
      }
      const wholly = !standsInBooks(held)
      await erasePeople(db, ids, { wholly, at, day: today(context) })
      await reconcileDebts(db, at)
      return { wholly }
    })
  }),
}

async function toErase(db: ReadHandle, id: Id<'person'>) {
  const person = await shownPerson(db, id)
  await notReserved(db, person)
  const ids = await familyIds(db, person.id)
  return { person, ids, held: await readHeld(db, ids) }
}

function blockedBy(held: Held): string[] {
  const blocked: string[] = []
  if (held.outstandingCents > 0) {
    blocked.push(`deve ancora ${formatCents(held.outstandingCents)} €, e i recapiti servono a riscuoterli`)
  }
  if (held.alboInForce > 0) blocked.push('un’iscrizione all’albo è ancora aperta')
  if (held.leaving > 0) blocked.push('ci sono avvisi in partenza')
  if (held.pendingImports > 0)
    blocked.push('un’importazione non ancora confermata ne porta i dati: confermala o scartala')
  return blocked
}

function goes(held: Held): { what: string; count: number }[] {
  return [
    { what: 'Recapiti, con la loro storia', count: held.contacts },
    { what: 'Iscrizioni agli albi', count: held.alboEntries },
    { what: 'Note e assegnazioni', count: held.notes },
    { what: 'Sospensioni degli invii', count: held.stops },
    { what: 'Valori che l’anagrafica aveva prima', count: held.changes },
    { what: 'Righe lette dai file delle quote', count: held.importRows },
  ]
}

function stays(held: Held): { what: string; count: number; why: string }[] {
  return [
    { what: 'Nome e codice fiscale', count: 1, why: 'dicono di chi sono le scritture' },
    { what: 'Accertamenti', count: held.accertamenti, why: 'scritture contabili' },
    {
      what: 'Posizioni e numeri d’avviso',
      count: held.positions,
      why: 'scritture contabili, e un numero non si riusa',
    },
    { what: 'Riscossioni e quietanze', count: held.collections, why: 'scritture contabili' },
    { what: 'Ricevute di pagamento', count: held.receipts, why: 'prova delle scritture' },
    {
      what: 'Consegne, con l’indirizzo a cui andarono',
      count: held.deliveries,
      why: 'prova che l’avviso fu notificato: il registro non permette di riscriverle',
    },
  ]
}

/** Last day of the tenth year after the last exercise in which the books name the person. */
function keptUntil({ lastExercise }: Held): IsoDate | null {
  return lastExercise === null ? null : isoDate(`${lastExercise + YEARS_KEPT}-12-31`)
}

type Data = Awaited<ReturnType<typeof readPersonData>>

function sheetsOf(person: PersonRow, data: Data) {
  const text = (heading: string, width = 24) => ({ heading, kind: 'text' as const, width })
  const date = (heading: string) => ({ heading, kind: 'date' as const, width: 12 })
  const money = (heading: string) => ({ heading, kind: 'money' as const, width: 13 })
  const word = (words: Readonly<Record<string, string>>, key: string) => words[key] ?? key
  return [
    {
      name: 'Anagrafica',
      columns: [text('Dato'), text('Valore', 50)],
      rows: [
        [PERSON_FIELDS.name, person.name],
        [PERSON_FIELDS.kind, PERSON_KINDS[person.kind]],
        [PERSON_FIELDS.fiscalCode, person.fiscalCode],
        [PERSON_FIELDS.vatNumber, person.vatNumber],
        [PERSON_FIELDS.category, CATEGORIES[person.category]],
        ...data.changes.map((c) => [
          `${word(PERSON_FIELDS, c.field)} fino al ${romeDate(c.at)}`,
          word(PERSON_KINDS, word(CATEGORIES, c.before)),
        ]),
      ],
    },
    {
      name: 'Recapiti',
      columns: [text('Recapito', 18), text('Valore', 44), date('Dal'), date('Al'), text('Da dove viene')],
      rows: data.contacts.map((c) => [CONTACT_KINDS[c.kind], c.value, c.validFrom, c.validTo, c.source]),
    },
    {
      name: 'Albo',
      columns: [text('Albo'), text('Sezione', 12), text('Numero', 12), date('Dal'), date('Al'), text('Stato', 16)],
      rows: data.albo.map((a) => [a.albo, a.section, a.number, a.from, a.to, a.status]),
    },
    {
      name: 'Dovuti',
      columns: [
        text('Accertamento', 14),
        date('Data'),
        text('Causale', 44),
        date('Scadenza'),
        money('Dovuto'),
        money('Riscosso'),
        text('Stato', 18),
      ],
      rows: data.accertamenti.map((a) => [
        `${a.exercise}/${a.number}`,
        a.date,
        a.causale,
        a.dueDate,
        a.dueCents,
        a.collectedCents,
        stateWord('accertamento', a.state).word,
      ]),
    },
    {
      name: 'Posizioni',
      columns: [
        text('Numero avviso', 22),
        text('Descrizione', 44),
        date('Scadenza'),
        money('Importo'),
        text('Stato', 14),
      ],
      rows: data.positions.map((p) => [
        p.noticeNumber,
        p.description,
        p.dueDate,
        p.cents,
        stateWord('lifecycle', p.lifecycle).word,
      ]),
    },
    {
      name: 'Consegne',
      columns: [text('Canale', 16), text('A chi', 44), date('Data'), text('Esito', 18)],
      rows: data.deliveries.map((d) => [
        CHANNELS[d.channel],
        d.addressText,
        romeDate(d.updatedAt),
        deliveryWord(d).word,
      ]),
    },
    {
      name: 'Pagamenti',
      columns: [text('Pagato il', 22), money('Importo'), text('IUV', 20), text('Prestatore'), text('Versante')],
      rows: data.receipts.map((r) => [r.paidAt, r.cents, r.iuv, r.pspName, r.payerName]),
    },
    {
      name: 'Note',
      columns: [date('Data'), text('Operatore', 18), text('Nota', 60), text('Affidata a', 18)],
      rows: [...data.notes, ...data.notesOnPositions].map((n) => [romeDate(n.at), n.operator, n.text, n.assignee]),
    },
    {
      name: 'File letti',
      columns: [text('File', 30), text('Foglio', 16), text('Riga', 8), text('Contenuto', 80)],
      rows: data.importedRows.map((r) => [r.fileName, r.sheet, String(r.rowNumber), r.parsedJson ?? r.rawJson]),
    },
  ]
}
