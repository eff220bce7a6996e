import { LineError } from './file-server-line.ts'

const HANG = 'Il server ha smesso di rispondere.'
const DROPPED = 'La linea con il server è caduta.'
const FULL = 'Il disco del server è pieno o la quota dell’utente è finita.'
const FORBIDDEN = 'Il server non permette all’utente di scrivere in questa cartella.'
const FOLDER_GONE = 'La cartella del server non c’è più.'

/** Why a connection did not come about, from the code of the system. */
export function connectReason(error: unknown): string {
  const { code = '', message = '' } = error as { code?: unknown; message?: string }
  const text = `${String(code)} ${message}`
  if (/ENOTFOUND|EAI_AGAIN|Address lookup/.test(text)) return 'Il nome del server non si trova.'
  if (/ECONNREFUSED|refused connection/.test(text)) return 'Nessun programma risponde su quella porta.'
  if (/EHOSTUNREACH|ENETUNREACH/.test(text)) return 'La rete non arriva a quel server.'
  if (/ETIMEDOUT|[Tt]imed? ?out/.test(text)) return 'Il server non risponde entro il tempo.'
  if (/ECONNRESET|EPIPE|closed|FIN packet|end event|Keepalive|before handshake|Connection lost/i.test(text)) {
    return 'Il server chiude la linea prima di rispondere.'
  }
  if (/handshake|key exchange|no matching/i.test(text))
    return 'Il server e il programma non hanno una cifratura in comune.'
  if (/WRONG_VERSION_NUMBER|packet length|Protocol|identification/i.test(text)) {
    return 'Su quella porta c’è un servizio di un altro tipo: controlla porta e protocollo.'
  }
  return `Il sistema risponde: ${(message || String(code)).slice(0, 200)}.`
}

/** A step of SFTP that failed. Codes of draft-ietf-secsh-filexfer-02 §7, 14 and 15 of its later drafts. */
export function sftpError(error: unknown, step: 'read' | 'write' | 'name'): LineError {
  const { code, message = '' } = error as { code?: number | string; message?: string }
  const reply = `${code ?? ''} ${message}`.trim().slice(0, 300)
  switch (code) {
    case 2:
      return new LineError('permanent', FOLDER_GONE, reply, { useless: true })
    case 3:
      return new LineError('permanent', FORBIDDEN, reply, { useless: true })
    case 4:
      if (step === 'write') {
        return new LineError('temporary', `Il server non è riuscito a scrivere il file. ${FULL}`, reply, {
          useless: true,
        })
      }
      return new LineError('temporary', 'Il server non è riuscito a fare quanto chiesto.', reply)
    case 8:
      return new LineError('permanent', 'Il server non conosce questa operazione.', reply, { useless: true })
    case 14:
    case 15:
      return new LineError('temporary', FULL, reply, { useless: true })
    default:
      return new LineError('temporary', /[Tt]imed? ?out/.test(message) ? HANG : DROPPED, reply, { lost: true })
  }
}

/** A command of FTP that failed. Replies of RFC 959 §4.2 and RFC 4217. */
export function ftpError(error: unknown, step: 'read' | 'write' | 'name'): LineError {
  const { code, message = '', name = '' } = error as { code?: number | string; message?: string; name?: string }
  const reply = message.trim().slice(0, 300)
  if (name !== 'FTPError' || typeof code !== 'number') {
    if (/data connection in passive mode|open data connection/.test(message)) {
      const reason = 'Il canale dei dati non si apre: un firewall può chiudere le porte passive del server.'
      return new LineError('temporary', reason, reply, { lost: true })
    }
    return new LineError('temporary', /[Tt]imed? ?out/.test(message) ? HANG : DROPPED, reply, { lost: true })
  }
  if (code === 452 || code === 552) return new LineError('temporary', FULL, reply, { useless: true })
  if (code === 451 && step === 'write') {
    const reason = `Il server non è riuscito a scrivere il file. ${FULL}`
    return new LineError('temporary', reason, reply, { useless: true })
  }
  if (code === 421)
    return new LineError('temporary', 'Il server chiude o ha troppi collegamenti.', reply, { lost: true })
  if (code === 425) {
    const reason = 'Il canale dei dati non si apre: un firewall può chiudere le porte passive del server.'
    return new LineError('temporary', reason, reply)
  }
  if (code === 426) return new LineError('temporary', DROPPED, reply)
  if (code === 522) {
    const reason = 'Il server rifiuta la cifratura del canale dei dati.'
    return new LineError('permanent', reason, reply, { useless: true })
  }
  if (code === 553 || (code === 501 && step !== 'read')) {
    const reason = 'Il server rifiuta di scrivere un file con questo nome in questa cartella.'
    return new LineError('permanent', reason, reply, { useless: true })
  }
  if (code === 550 || code === 532 || code === 530)
    return new LineError('permanent', FORBIDDEN, reply, { useless: true })
  if (code < 500) return new LineError('temporary', 'Il server chiede di riprovare più tardi.', reply)
  return new LineError('permanent', 'Il server rifiuta l’operazione.', reply, { useless: true })
}
