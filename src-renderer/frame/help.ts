/** F1, by the beginning of the address: the longest that fits. */
const HELP: Readonly<Record<string, readonly string[]>> = {
  '/': [
    'Il cruscotto dice che cosa fare adesso. In alto la strada di una quota: quante sono accertate, emesse, consegnate, pagate, riconciliate, incassate con reversale; ogni casella apre il suo elenco.',
    'Sotto, il prossimo passo e le cose da fare in ordine d’urgenza: i tasti da 1 a 5 le aprono.',
  ],
  '/importa': [
    'Il file delle quote (xlsx) viene letto e controllato riga per riga; finché non confermi, niente entra nei conti.',
    'Ogni problema dice foglio, riga, colonna, che cosa legge e come rimediare. F8 passa al successivo; puoi correggere la cella qui, oppure nel file e rileggerlo con F5.',
    'Confermando nascono gli accertamenti, numerati nell’esercizio aperto. Lo stesso file confermato due volte non aggiunge niente.',
  ],
  '/accertamenti': [
    'Un accertamento è una somma che una persona deve, su un capitolo, con il suo numero dell’esercizio.',
    '«Competenza» sono quelli nati in questo esercizio, «residui» quelli di esercizi precedenti ancora aperti.',
  ],
  '/posizioni': [
    'Una posizione debitoria è ciò che si paga su pagoPA: ha un numero avviso e uno IUV che non si riusano più, nemmeno annullandola.',
    'Invio apre l’avviso, Canc annulla: prima vedi quante si annullano e quali restano fuori, poi serve un motivo. L’accertamento resta e si può emettere di nuovo.',
    'Lo stato dice se è pagata; l’icona dell’aereo dice se l’avviso è stato consegnato, e come.',
  ],
  '/posizioni/genera': [
    'Scegli gli accertamenti con i filtri, togli con Canc quelli da lasciare fuori, scegli scadenza e fine validità, poi genera. I numeri avviso nascono solo alla conferma.',
    'Chi togli con Canc resta sbarrato nell’elenco: Canc di nuovo, o «rimetti», lo riporta. L’accertamento non si tocca.',
    'Il pagamento può essere in unica soluzione, anche a rate o solo a rate: scegli quante, da quando e ogni quanti mesi, e leggi che cosa pagherebbe chi deve una somma comune. I centesimi che avanzano vanno sulle prime rate.',
    '«Raggruppa per persona» fa un solo avviso a chi ha più dovuti, con la causale che scrivi tu.',
  ],
  '/avvisi': [
    'L’avviso di pagamento come si stampa: sfoglialo con ← e →, volta le pagine con Pag ↑ e Pag ↓, ingrandiscilo con + e −, salvalo (Ctrl S) o stampalo (Ctrl P), uno o molti.',
    'La lettera scelta a destra va con ogni avviso che vedi, stampi o salvi. «Elenco del lotto…» è la lista di chi c’è, su carta o in un foglio.',
    'I controlli sul lotto rileggono ogni codice e cercano i testi che non stanno nel loro riquadro. La campionatura sceglie gli estremi: il nome più lungo, più rate, l’indirizzo estero.',
  ],
  '/consegne': [
    'Gli avvisi partono per e-mail, PEC o in una cartella. Ogni consegna ha il suo esito; quelle incerte aspettano una tua decisione e non ripartono da sole.',
    '«Da rivedere» viene prima: per ognuna il motivo e che cosa fare. Un recapito sbagliato si corregge nella scheda della persona, poi si rispedisce.',
  ],
  '/consegne/nuova': [
    'Scegli chi riceve, che cosa legge e da quale canale. A destra vedi subito quanti avvisi partono, chi resta fuori e perché. Niente parte finché non confermi.',
    'Nel testo puoi usare i campi fra graffe, come {nome} o {importo}: sotto leggi il messaggio come lo riceve il primo dell’elenco.',
  ],
  '/rendicontazioni': [
    'Un flusso di rendicontazione è l’elenco dei pagamenti che un prestatore ti versa in un solo bonifico. Importa i file XML, anche molti insieme: ogni file entra intero o per niente, e uno già letto non aggiunge niente.',
    'Il pannello dice quanto è accreditato, da quali bonifici, chi ha pagato e con quale reversale.',
  ],
  '/estratti-conto': [
    'Qui stanno i movimenti di tutti i conti: quali sono riversamenti pagoPA, quali hanno già trovato il loro flusso, quali hanno la reversale.',
  ],
  '/estratti-conto/carica': [
    'Carica il CSV della banca. Se il formato è riconosciuto non c’è altro da dire; altrimenti scegli sopra ogni colonna che cosa contiene: il programma le propone e se le ricorda per quel conto.',
    'Prima di confermare vedi quali movimenti sono pagoPA e perché, quanti sono nuovi e quanti già presenti.',
  ],
  '/riconciliazione': [
    'Qui gli accrediti in banca incontrano i flussi. Ciò che torna al centesimo è già abbinato; il resto è una proposta con i suoi motivi, e decidi tu.',
    'Invio conferma la proposta della riga aperta, D divide l’accredito, F cerca un’altra controparte, N annota, S salta per oggi, X esclude con un motivo. Ctrl Z disfa l’ultima decisione, finché non ha la sua reversale.',
    'In fondo la quadratura: accrediti meno flussi, con la differenza spiegata al centesimo. Se non è spiegata, le reversali non si emettono.',
  ],
  '/reversali': [
    'Una reversale dice che una somma è incassata. Sono numerate senza buchi in ordine di data contabile e non si modificano: un errore si corregge annullandola con un motivo; la nuova prende un altro numero.',
    'La distinta di trasmissione elenca al cassiere le reversali di un conto, con un numero dell’esercizio. Una reversale sta su una distinta sola; se si annulla dopo, la distinta resta com’è e al cassiere si dice dell’annullamento. Le distinte fatte si ritrovano in Registri.',
  ],
  '/persone': ['Chi sta nel registro. La scheda dice tutto di una persona: che cosa deve, i recapiti, la sua storia.'],
  '/registri': [
    'Mastro, giornale di cassa, residui e insoluti: ogni somma si apre fino alle righe che la compongono.',
    'Quietanze e distinte già emesse si ritrovano qui, con il loro PDF da stampare o salvare, una o tutte.',
  ],
  '/giornale': [
    'Il registro delle attività: chi ha fatto che cosa e quando. Non si può cambiare, e la catena si può verificare.',
  ],
  '/impostazioni': [
    'Ente, conti, esercizi e capitoli, tipi di dovuto, avvisi, lettere, posta e consegna, aspetto. Un triangolo segna ciò a cui manca qualcosa.',
  ],
  '/impostazioni/avvisi': [
    'Che cosa portano tutti gli avvisi: bollettino postale, marchi, seconda lingua, nome dei file. L’avviso a destra cambia mentre scegli, e si salva solo con Salva.',
    'I marchi di pagoPA e di Poste non stanno nel programma: carica il kit grafico ufficiale, lo zip o i suoi file. Senza, l’avviso porta parole neutre e si paga lo stesso.',
    'Le parole della seconda lingua si sostituiscono una per una con la matita, e valgono appena salvate; i campi fra graffe li riempie il programma.',
  ],
  '/impostazioni/lettere': [
    'La lettera accompagnatoria si stampa con l’avviso, prima o dopo. Scrivila una volta con i campi fra graffe, come {nome}: a destra la vedi come esce.',
    'La scelta di quale lettera va con gli avvisi si fa in Avvisi.',
  ],
}

export function helpOf(path: string): readonly string[] {
  const keys = Object.keys(HELP).filter((key) => key === '/' || path.startsWith(key))
  const longest = keys.sort((a, b) => b.length - a.length)[0] ?? '/'
  return HELP[longest] ?? []
}
