import { type Answers, contactsOf } from './answers.ts'

/** The head of the notice with what has been typed: the paper stays white in any colour scheme. */
export function NoticeHead({ answers: a, logo }: { readonly answers: Answers; readonly logo: string | null }) {
  return (
    <div className="paper" aria-hidden>
      <div className="paper-head">
        <span className="paper-mark">
          avviso
          <br />
          pagoPA
        </span>
        <p className="paper-title">AVVISO DI PAGAMENTO</p>
        {logo !== null && <img src={logo} alt="" className="paper-logo" />}
      </div>
      <p className="paper-subject">Quota di iscrizione all’Albo, anno {a.exercise}</p>
      <div className="paper-boxes">
        <div>
          <span>
            <b>ENTE CREDITORE</b> Cod. fiscale {a.fiscalCode}
          </span>
          <b className="paper-name">{a.name || 'Nome dell’ente'}</b>
          <span>{a.office}</span>
          <span>{contactsOf(a)}</span>
        </div>
        <div>
          <span>
            <b>DESTINATARIO AVVISO</b> Cod. fiscale LBNTSL61A41A944S
          </span>
          <b className="paper-name">Albonesi Tersilla</b>
          <span>Viale degli Esempi 27</span>
          <span>00100 Prova (XX)</span>
        </div>
      </div>
    </div>
  )
}
