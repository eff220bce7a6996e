import { entry } from './entry.ts'

/** Mail servers, folders and the safe of the passwords. */
export const deliveryProblems = {
  MAIL_UNREACHABLE: entry<{ host: string; reason: string }>(
    ({ host, reason }) => `Il server di posta ${host} non si raggiunge. ${reason}`,
    () => 'Controlla nome, porta e cifratura con «Prova invio».',
  ),
  MAIL_LOGIN: entry<{ host: string; reason: string }>(
    ({ host, reason }) => `Il server di posta ${host} non lascia entrare. ${reason}`,
    () => 'Controlla utente, password e cifratura con «Prova invio».',
  ),
  MAIL_LOGIN_LATER: entry<{ host: string; reason: string }>(
    ({ host, reason }) => `Il server di posta ${host} per ora non lascia entrare. ${reason}`,
    () => 'Non serve far nulla: il programma riprova da sé.',
  ),
  MAILBOX_UNREADABLE: entry<{ mailbox: string; reason: string }>(
    ({ mailbox, reason }) => `La casella ${mailbox} non si legge. ${reason}`,
    () => 'Controlla i dati della casella delle ricevute con «Prova invio».',
  ),
  MAILBOX_MESSAGE_LARGE: entry<{ bytes: number }>(
    ({ bytes }) =>
      `Un messaggio di ${Math.ceil(bytes / 1_048_576)} MB non è stato letto: è più grande di ogni ricevuta.`,
    () => 'Se aspetti una ricevuta, guardalo nella casella.',
  ),
  MAILBOX_ABSENT: entry<{ name: string }>(
    ({ name }) => `L’account «${name}» non ha una casella da cui leggere le ricevute.`,
    () => 'Scrivi i dati della casella in Impostazioni › Posta e PEC.',
  ),
  FOLDER_UNKNOWN: entry(
    () => 'La cartella scelta non è fra quelle permesse a questo programma.',
    () => 'Scegli di nuovo la cartella.',
  ),
  FOLDER_TYPED: entry<{ typed: string; reason: string; remedy: string }>(
    ({ typed, reason }) => `«${typed}» non si può usare: ${reason}.`,
    ({ remedy }) => remedy,
  ),
  DELIVERY_SPACE: entry<{ place: string; files: string; needed: string; free: string }>(
    ({ place, files, needed, free }) =>
      `In «${place}» non c’è spazio per tutti i file: per ${files} servono circa ${needed} MB, liberi ce ne sono ${free}.`,
    () => 'Non è partito niente di nuovo. Libera spazio o cambia luogo, poi riprendi la campagna.',
  ),
  FOLDER_UNWRITABLE: entry<{ place: string; reason: string }>(
    ({ place, reason }) => `Nella cartella «${place}» non si scrive: ${reason}.`,
    () => 'Controlla che esista, che il disco non sia pieno e che tu possa scriverci.',
  ),
  FOLDER_FILE_NAME: entry<{ name: string }>(
    ({ name }) => `«${name}» non può essere il nome di un file.`,
    () => 'Usa lettere, cifre, trattini e punti.',
  ),
  SECRETS_LOCKED: entry<{ place: string }>(
    ({ place }) => `Le password conservate in ${place} non si aprono con questa chiave.`,
    () => 'Avvia il programma con la frase giusta nella variabile QUIETANZA_PASSPHRASE, o scrivile di nuovo.',
  ),
  MAIL_ACCOUNT_GONE: entry(
    () => 'Questo account di posta non c’è.',
    () => 'Scegline un altro in Impostazioni › Posta e PEC.',
  ),
  MAIL_ACCOUNT_KIND: entry<{ name: string }>(
    ({ name }) =>
      `L’account «${name}» non è del tipo che serve: la PEC parte solo da un account di PEC, le e-mail da uno ordinario.`,
    () => 'Sceglilo di nuovo, o cambialo in Impostazioni › Posta e PEC.',
  ),
  MAIL_PEC_SENDER: entry<{ sender: string; user: string }>(
    ({ sender, user }) => `La PEC partirebbe da «${sender}», ma la casella è «${user}»: il gestore la rifiuterebbe.`,
    () => 'Scrivi come mittente l’indirizzo della casella, in Impostazioni › Posta e PEC.',
  ),
  MAIL_ACCOUNT_NAME_TAKEN: entry<{ name: string }>(
    ({ name }) => `C’è già un account di nome «${name}».`,
    () => 'Scegli un altro nome.',
  ),
  CAMPAIGN_ACCOUNT_MISSING: entry<{ channel: string }>(
    ({ channel }) => `Per consegnare via ${channel} serve un account di posta.`,
    () => 'Sceglilo, o aggiungilo in Impostazioni › Posta e PEC.',
  ),
  CAMPAIGN_FOLDER_MISSING: entry(
    () => 'Per consegnare in una cartella serve la cartella.',
    () => 'Sceglila con «Sfoglia».',
  ),
  CAMPAIGN_SERVER_MISSING: entry(
    () => 'Per consegnare su un server serve l’area in cui mettere i file.',
    () => 'Sceglila, o aggiungila in Impostazioni › Aree di consegna.',
  ),
  CAMPAIGN_IO_OFF: entry(
    () => 'L’app IO non è attiva.',
    () => 'Attivala in Impostazioni › App IO, o togli questo modo di consegna.',
  ),
  CAMPAIGN_CANCELLED: entry(
    () => 'Questa campagna è annullata: quello che non era partito non parte più.',
    () => 'Prepara una nuova campagna.',
  ),
  CAMPAIGN_NOTHING: entry(
    () => 'Non c’è niente da consegnare con queste scelte.',
    () => 'Guarda chi è escluso e perché: indirizzi mancanti, già consegnati, pagati o annullati.',
  ),
  CAMPAIGN_GONE: entry(() => 'Questa campagna non c’è.'),
  TEMPLATE_FIELD_UNKNOWN: entry<{ field: string; known: string }>(
    ({ field }) => `Nel testo c’è il campo «{${field}}», che il programma non conosce.`,
    ({ known }) => `I campi sono: ${known}.`,
  ),
  DELIVERY_GONE: entry(() => 'Questa consegna non c’è.'),
  DELIVERY_UNDER_WAY: entry(
    () => 'Questo avviso è già in attesa o in partenza per la stessa via, o ha un esito incerto.',
    () => 'Aspetta che sia partito, o decidi prima sull’esito incerto.',
  ),
  DELIVERY_SENT_AGAIN: entry(
    () => 'Questo avviso è già stato rispedito per la stessa via.',
    () => 'Aggiorna l’elenco: se serve, rispedisci la consegna più recente.',
  ),
  DELIVERY_POSITION_CLOSED: entry(
    () =>
      'Questo avviso non si rispedisce: la posizione è pagata, annullata o non più pagabile, o l’avviso è superato da un altro.',
  ),
  DELIVERY_STOPPED: entry(
    () => 'Questa persona è nell’elenco di chi non riceve.',
    () => 'Toglila dall’elenco, poi rispedisci.',
  ),
  EVIDENCE_GONE: entry(() => 'Questa prova non ha un file da aprire.'),
  STOP_PRESENT: entry(
    () => 'Questa persona è già nell’elenco di chi non riceve.',
    () => 'Aggiorna l’elenco.',
  ),
  STOP_GONE: entry(
    () => 'Questa riga dell’elenco non c’è più.',
    () => 'Aggiorna l’elenco.',
  ),
  DELIVERY_NOT_UNCERTAIN: entry(
    () => 'Questa consegna non ha un esito incerto: non c’è niente da decidere.',
    () => 'Aggiorna l’elenco.',
  ),
  CLEAN_UP_FILE_DIFFERS: entry<{ name: string }>(
    ({ name }) => `«${name}» non è più come era stato scritto: è rimasto al suo posto.`,
    () => 'Guarda chi lo ha cambiato e toglilo a mano, se serve.',
  ),
  FOLDER_FILE_DIFFERS: entry<{ name: string }>(
    ({ name }) => `Nella cartella c’è già «${name}» con un altro contenuto: non è stato toccato.`,
    () => 'Spostalo o cambia cartella, poi rispedisci.',
  ),
  POST_BATCH_NAME: entry<{ name: string; place: string }>(
    ({ name, place }) => `In «${place}» ci sono già troppe cartelle di nome «${name}».`,
    () => 'Spostale altrove, poi riprendi la campagna.',
  ),
  IO_OFF: entry(
    () => 'App IO non è attiva.',
    () => 'Accendila in Impostazioni › App IO e scrivi la chiave del servizio.',
  ),
  IO_KEY_MISSING: entry(
    () => 'Per accendere App IO serve la chiave del servizio.',
    () => 'È nel portale dei servizi di App IO, alla voce «Chiavi API».',
  ),
  IO_KEY: entry<{ reason: string }>(
    ({ reason }) => reason,
    () => '',
  ),
  IO_UNREACHABLE: entry<{ reason: string }>(
    ({ reason }) => `App IO non si raggiunge. ${reason}`,
    () => 'Si riprova da soli fra poco; l’indirizzo si controlla in Impostazioni › App IO.',
  ),
} as const
