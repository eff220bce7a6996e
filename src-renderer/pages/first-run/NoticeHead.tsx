import type { Answers } from './answers.ts'

/** The head of the notice with what has been typed: the paper stays white in any colour scheme. */
export function NoticeHead({ answers: a }: { readonly answers: Answers }) {
  return (
    <div className="paper" aria-hidden>
      <p className="paper-title">AVVISO DI PAGAMENTO</p>
      <p className="paper-subject">Quota di iscrizione all’Albo, anno {a.exercise}</p>
      <div className="paper-boxes">
        <div>
          <span>
            <b>ENTE CREDITORE</b> Cod. fiscale {a.fiscalCode}
          </span>
          <b className="paper-name">{a.name || 'Nome dell’ente'}</b>
          <span>{a.office}</span>
          <span>{a.address}</span>
          <span>{[a.email, a.phone && `tel. ${a.phone}`].filter(Boolean).join(' · ')}</span>
        </div>
        <div>
          <span>
            <b>DESTINATARIO AVVISO</b> LBNTSL61A41A944S
          </span>
          <b className="paper-name">Albonesi Tersilla</b>
          <span>Viale degli Esempi 27</span>
          <span>00100 Prova (XX)</span>
        </div>
      </div>
    </div>
  )
}
