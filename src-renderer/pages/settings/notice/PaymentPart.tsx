import { Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { checkFileNamePattern, FILE_NAME_FIELDS, type FileNameField, noticeFileName } from '#domain/notice-file-name'
import { NOTICE_WORDS } from '#domain/notice-words'
import { problemText } from '#domain/problem'
import { useExercise } from '../../../app-state.ts'
import { orpc } from '../../../client.ts'
import { FieldChips } from '../../../components/FieldChips.tsx'
import { useFieldInsert } from '../../../components/field-insert.ts'
import type { StyleValues } from './style.ts'

interface Editing {
  readonly values: StyleValues
  readonly set: (patch: Partial<StyleValues>) => void
}

/** Where the payer can pay, and what the files are called. */
export function PaymentPart(props: Editing) {
  return (
    <>
      <Slip {...props} />
      <Online {...props} />
      <FileName {...props} />
    </>
  )
}

/** «Bollettino Postale PA»: which postal account, in whose name, by which authorisation of Poste. */
function Slip({ values: v, set }: Editing) {
  const accounts = useQuery(orpc.account.list.queryOptions()).data
  const institution = useQuery(orpc.institution.get.queryOptions()).data
  const postal = (accounts ?? []).filter(
    (a) => a.kind === 'postal' && a.postalAccount !== null && (!a.closed || a.id === v.postalAccountId),
  )
  const choose = (id: string | null) => {
    const account = postal.find((a) => String(a.id) === id)
    const holder = v.postalHolder === '' ? (institution?.name ?? '').slice(0, 50) : v.postalHolder
    set({ postalAccountId: account?.id ?? null, ...(account ? { postalHolder: holder } : {}) })
  }
  return (
    <section className="form-part" aria-labelledby="bollettino">
      <h3 id="bollettino">Bollettino postale</h3>
      <p className="ink2 small">
        Con un conto postale ogni avviso porta il Bollettino Postale PA, uno per ogni importo che si può pagare, con il
        suo codice Data Matrix. Chi ha un conto postale deve stamparlo.
      </p>
      {accounts !== undefined && postal.length === 0 ? (
        <p className="note note-info">
          <span>
            Nessun conto postale con il suo numero: gli avvisi escono senza bollettino. Per averlo aggiungi il conto, di
            tipo «Postale» e con il suo IBAN, in{' '}
            <Link to="/impostazioni/$voce" params={{ voce: 'conti' }}>
              Conti e IBAN
            </Link>
            .
          </span>
        </p>
      ) : (
        <div className="form-grid">
          <Select
            className="span-6"
            label="Conto postale del bollettino"
            value={v.postalAccountId === null ? '' : String(v.postalAccountId)}
            data={[
              { value: '', label: 'Nessuno: avvisi senza bollettino' },
              ...postal.map((a) => ({ value: String(a.id), label: `${a.name} · C/C ${a.postalAccount}` })),
            ]}
            onChange={choose}
          />
          {v.postalAccountId !== null && (
            <>
              <TextInput
                className="span-6"
                label="Intestato a"
                maxLength={50}
                value={v.postalHolder}
                error={v.postalHolder.trim() === '' ? 'Manca: si stampa sul bollettino.' : null}
                onChange={(e) => set({ postalHolder: e.currentTarget.value })}
              />
              <TextInput
                className="span-6"
                label="Autorizzazione di Poste alla stampa"
                placeholder="AUT. DB/… DEL …"
                maxLength={60}
                value={v.postalAuthorisation}
                onChange={(e) => set({ postalAuthorisation: e.currentTarget.value })}
              />
            </>
          )}
        </div>
      )}
    </section>
  )
}

const ONLINE = [
  { value: '', label: 'No', words: '' },
  { value: 'site', label: 'Sì, sul suo sito', words: NOTICE_WORDS.onlineSite },
  { value: 'app', label: 'Sì, con la sua app', words: NOTICE_WORDS.onlineApp },
  { value: 'both', label: 'Sì, sul sito e con l’app', words: NOTICE_WORDS.onlineBoth },
] as const

/** Whether the institution itself takes payments online, and the sentence that it makes. */
function Online({ values: v, set }: Editing) {
  const now = ONLINE.find((o) => o.value === (v.online ?? '')) ?? ONLINE[0]
  return (
    <section className="form-part" aria-labelledby="online">
      <h3 id="online">Pagamento online dell’ente</h3>
      <div className="form-grid">
        <Select
          className="span-3"
          label="L’ente incassa anche online?"
          value={now.value}
          data={ONLINE.map(({ value, label }) => ({ value, label }))}
          onChange={(value) => set({ online: (value || null) as StyleValues['online'] })}
        />
        <p className="span-6 said">
          <span className="muted small">Sull’avviso, sotto «{NOTICE_WORDS.appTitle}»</span>
          <span>«{NOTICE_WORDS.appText.replace('{online}', now.words)}»</span>
        </p>
      </div>
    </section>
  )
}

const FIELD_TITLES: Readonly<Record<FileNameField, string>> = {
  codiceFiscale: 'codice fiscale di chi paga',
  nome: 'nome di chi paga',
  anno: 'anno dell’esercizio',
  iuv: 'IUV dell’avviso',
  numeroAvviso: 'numero avviso, 18 cifre',
  lotto: 'nome del lotto',
}

/** Why a pattern cannot be used, in words; null when it can. */
export function fileNameError(pattern: string): string | null {
  const [first] = checkFileNamePattern(pattern)
  return first ? problemText(first) : null
}

function FileName({ values: v, set }: Editing) {
  const year = useExercise()
  const pattern = v.fileNamePattern
  const { ref, insert } = useFieldInsert<HTMLInputElement>(pattern, (fileNamePattern) => set({ fileNamePattern }))
  const error = fileNameError(pattern)
  const example = noticeFileName(pattern, {
    codiceFiscale: 'LBNTSL61A41A944S',
    nome: 'Albonesi Tersilla',
    anno: String(year),
    iuv: '01020260000041242',
    numeroAvviso: '301020260000041242',
    lotto: `Quota ${year}`,
  })
  return (
    <section className="form-part" aria-labelledby="nome-file">
      <h3 id="nome-file">Nome dei file</h3>
      <div className="form-grid">
        <TextInput
          ref={ref}
          className="span-6"
          label="Come si chiamano i PDF salvati o consegnati"
          classNames={{ input: 'mono' }}
          maxLength={120}
          value={pattern}
          error={error}
          onChange={(e) => set({ fileNamePattern: e.currentTarget.value })}
        />
        <div className="span-6">
          <FieldChips fields={FILE_NAME_FIELDS} titles={FIELD_TITLES} onInsert={insert} />
        </div>
        {error === null && (
          <p className="span-6 said" aria-live="polite">
            <span className="muted small">Per esempio</span>
            <span className="mono">{example}</span>
          </p>
        )}
      </div>
    </section>
  )
}
