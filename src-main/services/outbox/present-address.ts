import type { Id } from '#domain/brand'
import { ioRecipient } from '#domain/io-message'
import { isMailable, postalLabel, postalLine } from '#domain/postal-address'
import { type QueuedDelivery, readContacts } from '#ledger/delivery-queue'
import type { ReadHandle } from '#ledger/ledger'
import type { NoticeFacts } from '#ledger/notice-facts'
import { paperFileName } from '../notice-paper.ts'

/**
 * Where a delivery goes now: an address put right, or a fiscal code corrected, after the campaign was confirmed is the one
 * that counts. `keep` when it is as it was, null when the person has none for this way any more.
 */
export async function presentAddress(
  db: ReadHandle,
  { channel, addressText }: Pick<QueuedDelivery, 'channel' | 'addressText'>,
  facts: NoticeFacts,
  fileNamePattern: string | undefined,
): Promise<{ readonly contactPointId: Id<'contactPoint'> | null; readonly addressText: string } | 'keep' | null> {
  if (channel === 'email' || channel === 'pec') {
    const contact = (await readContacts(db, channel, [facts.personId])).get(facts.personId)
    if (contact === undefined) return null
    return contact.value === addressText ? 'keep' : { contactPointId: contact.id, addressText: contact.value }
  }
  if (channel === 'io') return moved(ioRecipient(facts.fiscalCode), addressText)
  if (channel !== 'post') {
    // A corrected fiscal code in the name is whose drawer the file goes into; the pattern stays that of the campaign.
    return fileNamePattern === undefined ? 'keep' : moved(paperFileName(facts, fileNamePattern), addressText)
  }
  const label = postalLabel(facts.name, facts.address)
  // One that the post cannot use is refused with its reasons when the letter is made.
  return isMailable(label) ? moved(postalLine(label), addressText) : 'keep'
}

function moved(now: string | null, before: string) {
  if (now === null) return null
  return now === before ? ('keep' as const) : { contactPointId: null, addressText: now }
}
