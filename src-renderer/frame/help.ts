/** F1, by the beginning of the address: the longest that fits. */
const HELP: Readonly<Record<string, readonly string[]>> = {
  '/': [
    'Il cruscotto dice che cosa fare adesso. In alto la strada di una quota: quante sono accertate, emesse, consegnate, pagate, riconciliate, incassate con reversale; ogni casella apre il suo elenco.',
    'Sotto, il prossimo passo e le cose da fare in ordine d’urgenza: i tasti da 1 a 5 le aprono.',
  ],
  '/importa': [
    'Il file delle quote (Excel, CSV o testo) viene letto e controllato riga per riga; finché non confermi, niente entra nei conti.',
    'Se le colonne non si riconoscono, le assegni sull’anteprima: in testa a ogni colonna il campo che riempie, oppure trascina il campo, o aprilo a destra e scegli. Un campo può venire da più colonne unite, essere uguale per tutte le righe, tradurre i valori; la causale si compone. Ctrl S salva il profilo: la volta dopo il file si riconosce da solo.',
    'Ogni problema dice foglio, riga, colonna, che cosa legge e come rimediare. F8 passa al successivo; puoi correggere la cella qui, oppure nel file e rileggerlo con F5. Gli errori tengono fuori la riga, le avvertenze no; Canc lascia fuori una riga.',
    '«Persone da aggiornare» mostra che cosa il file dice di diverso di chi è già in archivio: scegli se aggiornare o lasciare com’è, per persona o per tipo di dato.',
    'Confermando nascono gli accertamenti, numerati nell’esercizio aperto. Lo stesso file confermato due volte non aggiunge niente.',
  ],
  '/importa/storico': [
    'Chi ha letto quale file, quando, con che profilo, e che cosa ne è nato. L’impronta dice se due file sono lo stesso.',
    'Canc disfa un’importazione finché nessuna sua quota è emessa o riscossa: prima mostra che cosa torna indietro e che cosa resta.',
  ],
  '/tariffe': [
    'La tariffa di un anno è una tabella: ogni riga dice a chi vale (categoria, albo, sezione, stato, anni d’iscrizione) e quanto paga: un importo, una percentuale di ciò che pagherebbe, oppure «niente».',
    'Si scrive come in un foglio: Invio scende, Ctrl D copia dalla cella sopra, e si può incollare da Excel. A destra leggi subito che cosa si sovrappone e chi, nell’albo, resta senza tariffa.',
    '«Copia da un altro anno…» porta qui la tabella con un aumento in percentuale, arrotondato come scegli. Niente vale finché non salvi.',
  ],
  '/quote/genera': [
    'Le quote dell’anno nascono dall’albo, con le tariffe, senza un file. L’elenco dice per ciascuno quale tariffa vale e perché, o perché resta fuori.',
    'Canc esclude le righe scelte, Ctrl Z le rimette. Chi ha già una quota dello stesso tipo e anno non ne riceve un’altra.',
    'Confermando nascono gli accertamenti, numerati nell’esercizio aperto. In «Generazioni fatte…» una generazione si disfa finché niente è emesso o riscosso.',
  ],
  '/mora': [
    'Chi è in ritardo, quanto gli manca e la mora che la regola del suo tipo di dovuto chiede oggi. La stessa mora non si chiede due volte: al gradino dopo si chiede solo la differenza.',
    'F2 cambia un importo a mano, Canc esclude la riga. Chi ha pagato resta fuori anche se l’accredito non è ancora arrivato.',
    'La mora può entrare nello stesso avviso, che prende una nuova versione con lo stesso numero, o avere un avviso suo.',
  ],
  '/accertamenti': [
    'Un accertamento è una somma che una persona deve, su un capitolo, con il suo numero dell’esercizio.',
    '«Competenza» sono quelli nati in questo esercizio, «residui» quelli di esercizi precedenti ancora aperti.',
  ],
  '/posizioni': [
    'Una posizione debitoria è ciò che si paga su pagoPA: ha un numero avviso e uno IUV che non si riusano più, nemmeno annullandola.',
    'Invio apre l’avviso, Canc annulla: prima vedi quante si annullano e quali restano fuori, poi serve un motivo. L’accertamento resta; la posizione si può riattivare.',
    'I puntini del dettaglio cambiano importo, scadenza e rate, aggiungono la mora, segnano un pagamento fuori da pagoPA, riemettono e ristampano. Ogni cambiamento è una versione nuova: l’avviso di prima resta nella storia come superato.',
    'Lo stato dice se è pagata; l’icona dell’aereo dice se l’avviso è stato consegnato, e come; quella del nodo se pagoPA la conosce com’è qui.',
    '«Paga ora…», nei puntini, dà un link e un codice QR a chi vuole pagare subito: al più cinque avvisi. È pagato quando arriva la ricevuta, non quando chi paga torna indietro.',
    'I puntini sulle scelte: «File per il partner…» le affida a chi carica le posizioni su pagoPA per voi; da lì in poi non si pubblicano più da qui.',
    '«Pubblica sul nodo…» sulle scelte le rende pagabili; nella scheda, sotto «Nodo pagoPA», che cosa dice il nodo e quando l’ha detto.',
  ],
  '/posizioni/nuova': [
    'Una posizione sola, senza un file: chi paga, che cosa deve, quando. Tab passa al campo dopo, Ctrl Invio crea.',
    'Scrivi due lettere del nome, il codice fiscale o il numero d’albo: Invio prende il primo. Chi non è nel registro nasce qui.',
    'Più righe si sommano nello stesso avviso, ognuna sul suo capitolo. Una parte può andare a un altro ente. A destra leggi che cosa dirà l’avviso e dove vanno i soldi; se le rate non fanno il totale, leggi quanto manca.',
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
  '/nodo': [
    'Il nodo di pagoPA tiene ciò che si può pagare. Qui vedi che cosa parte, che cosa è stato rifiutato, in che cosa il nodo è diverso e che cosa arriva.',
    'Ctrl Invio pubblica ciò che il nodo non conosce ancora: prima vedi l’ambiente, quante, per quanto, come partono e chi resta fuori. Poi il nodo segue da solo ogni cambiamento, e niente parte due volte.',
    '«Rifiutate»: il motivo e il rimedio; corretto, Invio la rimette in coda. «Riemetti» le dà un numero avviso nuovo.',
    '«Differenze»: qui e sul nodo, una di fronte all’altro. T tiene la nostra, L lascia così con un motivo; le altre scelte dicono prima che cosa fanno.',
    '«Partner»: se è un partner tecnologico a caricare le posizioni, qui stanno i file che gli hai fatto. Invio carica il suo esito, S scarica di nuovo lo stesso file; ciò che ha rifiutato, o che qui è cambiato, va in un altro file.',
    'F5 chiede al nodo come stanno le posizioni aperte. «Pausa» ferma le partenze su tutte le postazioni. Se il nodo non risponde, ciò che aspetta riparte da sé; R riprova subito.',
  ],
  '/consegne': [
    'Gli avvisi partono da sé, per PEC, e-mail, App IO, posta, su un server di file o in una cartella, al ritmo e nelle ore dei loro account: il programma può anche restare chiuso, riprende da dove era.',
    'P mette in pausa la campagna aperta e la riprende; «Annulla non partiti…» ferma ciò che resta e, se vuoi, toglie i file già scritti. Una campagna «ferma» dice perché: rimedia, poi riprendi.',
    '«Da rivedere» viene prima: per ognuna il motivo e che cosa fare. Invio fa ciò che è proposto: un recapito sbagliato si corregge lì e l’avviso riparte. Un esito incerto lo decidi tu, uno per volta: non riparte mai da solo.',
    'A destra ogni tentativo e ogni ricevuta con la sua ora; «Apri» mostra la prova intera, com’è arrivata.',
  ],
  '/consegne/nuova': [
    'Scegli chi riceve, che cosa legge e da quali canali. A destra vedi subito quanti avvisi partono, chi resta fuori e perché. Niente parte finché non confermi.',
    'I solleciti vanno solo a chi non ha pagato, e si riguarda al momento della partenza. Scegli quelle in scadenza, quelle scadute o quelle mai consegnate: chi ha pagato una parte riceve solo le rate che restano.',
    'Nel testo puoi usare i campi fra graffe, come {nome} o {importo}: sotto leggi il messaggio come lo riceve il primo dell’elenco. Per la posta guardi gli indirizzi, i dubbi per primi, e un campione, poi spunti che vanno bene.',
  ],
  '/consegne/recapiti': [
    'Chi ha un indirizzo che rimbalza o una PEC che non consegna, finché resta quello in uso. Invio lo corregge; l’indirizzo di prima resta nella storia della persona.',
    'Corretti i recapiti, «Rispedisci i falliti corretti…» in Consegne fa ripartire gli avvisi verso quelli nuovi.',
  ],
  '/consegne/non-spedire': [
    'Le persone a cui non si spedisce, su un canale o su tutti, con il motivo. Vale da subito, anche per ciò che è già in coda.',
    'Ctrl Invio aggiunge una persona, Canc toglie la riga: anche per questo serve un motivo, che resta.',
  ],
  '/rendicontazioni': [
    'Un flusso di rendicontazione è l’elenco dei pagamenti che un prestatore ti versa in un solo bonifico. Importa i file XML, anche molti insieme: ogni file entra intero o per niente, e uno già letto non aggiunge niente.',
    'Dal nodo pagoPA arrivano da soli, all’apertura e poi ogni tanto; F5 li scarica adesso. pagoPA li tiene da uno a due mesi: se il programma resta chiuso a lungo, lo dice prima che sia tardi.',
    'Il pannello dice quanto è accreditato, da quali bonifici, chi ha pagato e con quale reversale.',
  ],
  '/ricevute': [
    'La ricevuta telematica (RT) prova un pagamento prima che arrivi il flusso. Importa i file XML o lo zip: ogni ricevuta trova da sola la sua posizione, e una già letta non aggiunge niente.',
    'Dal nodo pagoPA arrivano da sole, all’apertura e poi ogni tanto; F5 le scarica adesso. La stessa ricevuta da file e dal nodo è una sola.',
    'Lo stato dice dove sono i soldi: non rendicontata, rendicontata da un flusso, accreditata in banca. «Senza posizione» è di uno IUV che non è tra i tuoi: che cosa ne è stato lo dice la pagina «Nodo», in «Senza posizione».',
  ],
  '/estratti-conto': [
    'Qui stanno i movimenti di tutti i conti: quali sono riversamenti pagoPA, quali hanno già trovato il loro flusso, quali hanno la reversale.',
    'Una riga con lo stesso giorno e importo di un’altra, ma altre parole, aspetta in «Forse già presenti»: di’ tu se è la stessa.',
  ],
  '/estratti-conto/carica': [
    'Carica il CSV della banca. Se il formato è riconosciuto non c’è altro da dire; altrimenti scegli sopra ogni colonna che cosa contiene: il programma le propone e se le ricorda per quel conto. Con un nome del formato vale anche per gli altri.',
    'Prima di confermare vedi quali movimenti sono pagoPA e perché, quanti sono nuovi e quanti già presenti.',
  ],
  '/riconciliazione': [
    'Qui gli accrediti in banca incontrano i flussi. Ciò che torna al centesimo è già abbinato; il resto è una proposta con i suoi motivi, e decidi tu.',
    'Invio conferma la proposta della riga aperta, da 1 a 9 si sceglie tra più controparti, Maiusc Invio conferma tutte le uguali, D divide, F cerca un’altra controparte, N annota, G assegna, S salta per oggi, X esclude con un motivo, U riapre. Ctrl Z disfa una decisione dopo l’altra; se ha già la reversale, dice quale si annulla e chiede il motivo.',
    'In Tabella si scrivono le controparti una sotto l’altra: = è la proposta, x con un motivo esclude, un nome cerca. Ctrl D copia in giù, Ctrl Invio decide tutte insieme.',
    'In fondo la quadratura: accrediti meno flussi, con la differenza spiegata al centesimo. Se non è spiegata, le reversali non si emettono.',
  ],
  '/riconciliazione/regole': [
    'Una regola nasce da tre decisioni uguali: il programma chiede se proporla le volte dopo. Propone soltanto, confermi sempre tu.',
    '«Togli» la ferma da adesso; ciò che è stato deciso resta com’è.',
  ],
  '/reversali': [
    'Una reversale dice che una somma è incassata. Sono numerate senza buchi in ordine di data contabile e non si modificano: un errore si corregge annullandola con un motivo; la nuova prende un altro numero.',
    'La distinta di trasmissione elenca al cassiere le reversali di un conto, con un numero dell’esercizio. Una reversale sta su una distinta sola; se si annulla dopo, la distinta resta com’è e al cassiere si dice dell’annullamento. Le distinte fatte si ritrovano in Registri.',
  ],
  '/persone': [
    'Chi sta nel registro. Si cerca per nome, codice fiscale, numero d’albo, e-mail, IUV o numero d’avviso; chi è stato unito a un altro o cancellato si vede solo col filtro «Stato».',
    'La scheda dice tutto di una persona: che cosa deve, i recapiti con la loro storia, le iscrizioni, i documenti, le note. N annota, A apre una posizione nuova.',
    '«Unisci con un’altra scheda…» fa di due schede una: niente si riscrive e «Separa» le rimette com’erano.',
    '«Cancella i dati personali…» dice prima che cosa se ne va, che cosa resta nei libri e fino a quando.',
    'In fondo ai recapiti «Sospendi gli invii…» la mette fra chi non deve ricevere, con un motivo.',
  ],
  '/persone/doppioni': [
    'Coppie di schede che sembrano della stessa persona, le più sicure in cima. Invio le mette a confronto, D dice che sono due persone e non le propone più.',
    'Nel confronto si sceglie quale scheda resta e, riga per riga, quale dato vale.',
  ],
  '/registri': [
    'Mastro, giornale di cassa, residui e insoluti: ogni somma si apre fino alle righe che la compongono.',
    'Quietanze e distinte già emesse si ritrovano qui, con il loro PDF da stampare o salvare, una o tutte.',
    'Residui: Invio su una riga mostra i singoli accertamenti; quelli che non si riscuoteranno più si eliminano con l’atto che lo decide.',
    'Liste per l’Albo: chi ha pagato dall’ultima lista. «Manda ora…» la fa partire nella forma e nel posto scritti in Impostazioni, «Albo»; senza destinazioni «Consegna le novità…» salva il file. «Esporta» non segna niente.',
    '«Liste mandate» dice che cosa è partito e dove. Lì si segna la risposta dell’Albo, a mano o dal suo file: le righe rifiutate ripartono con la lista dopo.',
  ],
  '/giornale': [
    'Il registro delle attività: chi ha fatto che cosa e quando. Non si può cambiare, e la catena si può verificare.',
  ],
  '/impostazioni': [
    'Ente, conti, esercizi e capitoli, tipi di dovuto, avvisi, lettere, posta e consegna, server di file, nodo pagoPA, App IO, aspetto. Un triangolo segna ciò a cui manca qualcosa.',
  ],
  '/impostazioni/esercizi': [
    'Gli esercizi e i loro capitoli. «Chiudi il …» mostra prima l’elenco di controllo: ciò che è in rosso si risolve, ciò che è in ambra si segna come visto.',
    'Chiudendo, quello che resta da riscuotere passa tra i residui dell’anno dopo. Finché il rendiconto non è approvato si può riaprire, con un motivo.',
  ],
  '/impostazioni/regole': [
    'Come nascono le reversali: per flusso e capitolo, per debitore o per giorno, con quale data. Valgono da quando le cambi; le reversali già emesse restano come sono.',
  ],
  '/impostazioni/arrivi': [
    'Le cartelle che il programma tiene d’occhio: ogni file entra una volta sola, quando la copia è finita. Sotto leggi gli ultimi arrivati e com’è andata.',
    'In fondo i formati di estratto conto a cui hai dato un nome caricando un file.',
  ],
  '/impostazioni/albo': [
    'Dove va la lista di chi ha pagato: la forma del programma che tiene l’Albo, e una cartella, un server di file, o il file salvato da te.',
    '«Prova» scrive un file piccolo e lo toglie. Con «Manda da sola» la lista parte dopo ogni emissione di reversali; se non arriva, riprova a intervalli sempre più lunghi e poi lo dice nel Cruscotto.',
  ],
  '/impostazioni/avvisi': [
    'Che cosa portano tutti gli avvisi: bollettino postale, marchi, seconda lingua, nome dei file. L’avviso a destra cambia mentre scegli, e si salva solo con Salva.',
    'I marchi di pagoPA e di Poste non stanno nel programma: carica il kit grafico ufficiale, lo zip o i suoi file. Senza, l’avviso porta parole neutre e si paga lo stesso.',
    'Le parole della seconda lingua si sostituiscono una per una con la matita, e valgono appena salvate; i campi fra graffe li riempie il programma.',
  ],
  '/impostazioni/posta': [
    'Gli account da cui partono e-mail e PEC: server, ritmo e ore d’invio. F9 prova passo per passo, prima l’invio poi la casella, e dice che cosa non va.',
    'Nella casella delle ricevute (IMAP) il programma legge accettazioni, consegne, mancate consegne e rimbalzi, e li lega ai loro avvisi. «Leggi le ricevute ora» lo fa subito.',
  ],
  '/impostazioni/server': [
    'I server su cui vanno i PDF: FTP, FTPS o SFTP. F9 prova a entrare, a scrivere e a togliere un file.',
    'La prima volta il server mostra la sua impronta: confrontala con chi lo cura, poi accettala. Se un giorno cambia, il programma si ferma e lo dice.',
  ],
  '/impostazioni/io': [
    'App IO è spenta finché l’ente non ha il suo servizio: qui vanno la chiave, il ritmo e le ore. F9 prova con un codice fiscale se quella persona può ricevere, senza mandare niente.',
    'Il messaggio alla pubblicazione parte da sé, se lo accendi in Nodo pagoPA: una volta sola per ogni avviso.',
  ],
  '/impostazioni/nodo': [
    'Come il programma parla con pagoPA. In Prova il nodo è su questo computer e funziona subito; per Collaudo e Produzione servono le chiavi del Back office pagoPA, che si conservano fuori dall’archivio.',
    'F9 prova ogni servizio senza cambiare niente e dice quale chiave, quale codice o quale IBAN è rifiutato. In Produzione si passa solo dopo una prova riuscita nello stesso giorno, scrivendo il codice fiscale dell’ente.',
    'Un archivio in cui sono entrati pagamenti finti non può passare in Produzione: prova su una copia.',
  ],
  '/impostazioni/chiamate': [
    'Ogni richiesta fatta a pagoPA da questo computer, dalla più recente, con la risposta e il tempo. Non contiene chiavi, e i codici fiscali delle persone sono coperti: si può mandare a chi assiste.',
  ],
  '/impostazioni/tassonomia': [
    'I codici che dicono al nodo che cosa si incassa. Ctrl O prende il file pubblicato da pagoPA: prima vedi che cosa cambia, i codici che usi in cima.',
    'In alto i codici in uso che non sono in vigore, con le posizioni aperte che li hanno: si cambiano in Tipi di dovuto, e valgono da lì in poi.',
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
