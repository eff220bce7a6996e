import { Button } from '@mantine/core'
import { IconShieldCheck, IconShieldOff } from '@tabler/icons-react'
import { CLEAR_ACCEPTED } from '#domain/ports'
import type { FileAccount } from '../campaign/campaign-form.ts'

type Protocol = FileAccount['protocol']

/** What a person has accepted of this server: its key, its certificate, or that nothing is encrypted. */
export function AcceptedTrust({ protocol, pinned }: { readonly protocol: Protocol; readonly pinned: string }) {
  const clear = pinned === CLEAR_ACCEPTED
  const Shape = clear ? IconShieldOff : IconShieldCheck
  return (
    <p className="small form-note pinned">
      <Shape size={15} stroke={1.7} className={clear ? 't-warn' : 't-ok'} aria-hidden />
      {clear ? (
        <span>Hai accettato che password e avvisi viaggino in chiaro fino a questo server.</span>
      ) : (
        <span>
          {protocol === 'sftp' ? 'Chiave' : 'Certificato'} del server che hai accettato:{' '}
          <span className="mono">{fingerprintWords(protocol, pinned)}</span>
        </span>
      )}
    </p>
  )
}

/** Asked before anything secret leaves: whether this is the right server, or whether it may be read by others. */
export function TrustQuestion({
  protocol,
  seen,
  pinned,
  onAccept,
}: {
  readonly protocol: Protocol
  readonly seen: string
  readonly pinned: string | null
  readonly onAccept: () => void
}) {
  if (seen === CLEAR_ACCEPTED) {
    return (
      <div className="note note-unc form-note">
        <div>
          <p className="strong">Con questo server niente è cifrato.</p>
          <p>
            La password e gli avvisi, con nomi e codici fiscali, si leggono lungo tutta la strada. Chiedi prima a chi
            cura il server se offre SFTP o FTPS; va bene solo dentro la rete dell’ufficio.
          </p>
          <Button className="unc-button" onClick={onAccept}>
            Accetta FTP in chiaro
          </Button>
        </div>
      </div>
    )
  }
  const first = pinned === null
  return (
    <div className={`note ${first ? 'note-unc' : 'note-bad'} form-note`}>
      <div>
        <p className="strong">
          {first ? 'È la prima volta: il server dice di essere questo.' : 'Il server ha cambiato la sua impronta.'}
        </p>
        <p className="mono fingerprint">{fingerprintWords(protocol, seen)}</p>
        <p>
          {first
            ? 'Confronta l’impronta con quella che ti ha dato chi cura il server, poi accettala. D’ora in poi il programma scrive solo a questo.'
            : 'Può essere un server nuovo, o qualcuno che si mette in mezzo: chiedi a chi lo cura prima di accettare.'}
        </p>
        <Button className="unc-button" onClick={onAccept}>
          Accetta questa impronta
        </Button>
      </div>
    </div>
  )
}

/** As those who run the server read it: `SHA256:…` in base64 for a key of SSH, pairs of figures for a certificate. */
function fingerprintWords(protocol: Protocol, hex: string): string {
  const pairs = hex.match(/../g) ?? []
  if (protocol !== 'sftp') return pairs.join(':').toUpperCase()
  const bytes = pairs.map((pair) => String.fromCharCode(Number.parseInt(pair, 16)))
  return `SHA256:${btoa(bytes.join('')).replace(/=+$/, '')}`
}
