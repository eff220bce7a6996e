import { hasOpenWays, stopOpenWays } from '#ledger/campaign'
import { hasJournalRow, readJournalEnd } from '#ledger/journal'
import { command } from '../command.ts'
import type { ServiceContext } from '../context.ts'

const CHECK =
  'Alcuni di questi invii possono essere già partiti, e ripartirebbero una seconda volta. Controlla nella posta inviata e nelle cartelle che cosa è già arrivato: se manca davvero, premi «Riprendi»; altrimenti annulla la campagna.'
const WHY = {
  older: `L’archivio è più vecchio dell’ultimo visto su questo computer: è stata ripristinata una copia di sicurezza. ${CHECK}`,
  unseen: `Questo archivio non è mai stato al lavoro su questo computer: è una copia, o è stato spostato. ${CHECK} Se l’originale è ancora in uso, lavora su quello.`,
}

/** Whether a way stands still because its archive is not the one that was at work here. */
export function isHeld(stoppedReason: string | null): boolean {
  return stoppedReason === WHY.older || stoppedReason === WHY.unseen
}

/**
 * Looks, before anything leaves, whether this is the archive that was at work here last, at the point to which it had
 * come or further. An older one, a copy or one from elsewhere does not know what left after it: all that has something
 * still to send stops until a person resumes it. Answers how many ways stopped.
 */
export async function holdUnlessTheSame(context: Omit<ServiceContext, 'outbox'>): Promise<number> {
  const { ledger, archiveMark } = context
  const seen = await archiveMark.read()
  const { isOpen, isThere } = await ledger.read(async (db) => ({
    isOpen: await hasOpenWays(db),
    isThere: seen !== null && (await hasJournalRow(db, seen)),
  }))
  let held = 0
  const reason = reasonOf()
  if (isOpen && reason !== null) {
    held = await ledger.write(command(context as ServiceContext, 'campaign.hold', { reason }), (db) =>
      stopOpenWays(db, reason),
    )
  }
  await markArchive(context, -1)
  return held

  function reasonOf(): string | null {
    // An archive on a server is no file that anybody copies; a workstation that joins the others has no mark yet.
    if (seen === null) return ledger.target.engine === 'postgres' ? null : WHY.unseen
    if (!isThere) return WHY.older
    return seen.place === archiveMark.place ? null : WHY.unseen
  }
}

/**
 * Writes how far the journal has come, unless that is `last`. What it names is committed: a program that dies leaves a
 * mark that is behind its archive, never one ahead of it. Answers the number written.
 */
export async function markArchive(context: Omit<ServiceContext, 'outbox'>, last: number): Promise<number> {
  const end = await context.ledger.read(readJournalEnd)
  if (end.seq !== last) await context.archiveMark.write({ ...end, place: context.archiveMark.place })
  return end.seq
}
