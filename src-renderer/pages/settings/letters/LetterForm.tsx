import { Textarea, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import type { InferContractRouterInputs } from '@orpc/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { Contract } from '#contract/contract'
import { LETTER_FIELD_LIST, LETTER_FIELDS, type LetterField } from '#domain/letter'
import { unknownField } from '#domain/template'
import { client, orpc } from '../../../client.ts'
import { ErrorNote } from '../../../components/ErrorNote.tsx'
import { FieldChips } from '../../../components/FieldChips.tsx'
import { useFieldInsert } from '../../../components/field-insert.ts'
import { useForm } from '../../../components/form-state.ts'
import { Card } from '../../../components/Page.tsx'
import { PaperPreview } from '../../../components/PaperPreview.tsx'
import { SaveFoot } from '../SaveFoot.tsx'

export type LetterValues = InferContractRouterInputs<Contract>['letter']['save']

/** What a new letter begins with, to be changed. */
export const NEW_LETTER: LetterValues = {
  id: null,
  name: 'Lettera per la quota',
  subject: '{causale}',
  body: `Gentile {nome},

insieme a questa lettera trova l’avviso di pagamento per «{causale}», di {importo} euro. La scadenza è il {scadenza}.

Si può pagare anche {rate}.

L’avviso si paga in banca, in posta, dal tabaccaio o con un’app: basta inquadrare il suo codice QR, oppure dire il numero avviso {numeroAvviso}.

Per ogni chiarimento la segreteria è a disposizione.`,
  signature: '',
}

const FIELD_TITLES: Readonly<Record<LetterField, string>> = {
  nome: 'nome di chi riceve',
  codiceFiscale: 'codice fiscale di chi riceve',
  causale: 'causale dell’avviso',
  avviso: '«in allegato l’avviso di pagamento»; in App IO, che non porta allegati, «c’è un avviso di pagamento»',
  importo: 'tutto il dovuto, senza il segno dell’euro',
  scadenza: 'scadenza, o quella della prima rata',
  numeroAvviso: 'numero avviso, o quello della prima rata',
  rate: 'le rate con importi e date; la riga sparisce se non ce ne sono',
  ente: 'nome dell’ente',
  data: 'giorno in cui si stampa',
  anno: 'anno dell’esercizio',
  giorniAllaScadenza: '«oggi», «domani», «fra 12 giorni»; la riga sparisce dopo la scadenza',
  giorniDiRitardo: '«da ieri», «da 12 giorni»; la riga sparisce prima della scadenza',
  importoResiduo: 'quanto resta a chi ha pagato una parte; la riga sparisce per gli altri',
  rateDaPagare: 'le rate ancora aperte di chi ha pagato una parte; la riga sparisce per gli altri',
  comePagare: 'dove e come si paga: con l’avviso allegato, o in App IO con il pulsante del messaggio',
}

const AFTER_MS = 400

/** One letter: text with fields at the left, how it prints at the right. */
export function LetterForm({ letter, onDone }: { readonly letter: LetterValues; readonly onDone: () => void }) {
  const form = useForm<LetterValues>(letter)
  const v = form.values
  const { ref, insert } = useFieldInsert<HTMLTextAreaElement>(v.body, (body) => form.set({ body }))
  const wrong = [fieldError(v.subject), fieldError(v.body)]
  const known = wrong.every((e) => e === null)
  const [texts] = useDebouncedValue({ subject: v.subject, body: v.body, signature: v.signature }, AFTER_MS)
  const preview = useQuery(
    orpc.letter.preview.queryOptions({
      input: texts,
      enabled: known && [texts.subject, texts.body].every((text) => fieldError(text) === null),
      placeholderData: keepPreviousData,
    }),
  )
  return (
    <div className="settings-pair">
      <Card
        title={letter.id === null ? 'Nuova lettera' : letter.name}
        grow
        label="Lettera"
        foot={
          <SaveFoot
            form={letter.id === null ? { ...form, changed: true } : form}
            onLeave={onDone}
            disabled={!known || v.name.trim() === '' || v.subject.trim() === '' || v.body.trim() === ''}
            left={<ErrorNote error={form.error} />}
            onSave={() => void form.submit((values) => client.letter.save(pick(values))).then((ok) => ok && onDone())}
          />
        }
      >
        <div className="letter-form">
          <TextInput
            label="Nome, solo per ritrovarla"
            maxLength={80}
            value={v.name}
            onChange={(e) => form.set({ name: e.currentTarget.value })}
          />
          <TextInput
            label="Oggetto"
            maxLength={200}
            value={v.subject}
            error={wrong[0]}
            onChange={(e) => form.set({ subject: e.currentTarget.value })}
          />
          <Textarea
            ref={ref}
            className="letter-body"
            label="Testo"
            maxLength={10_000}
            value={v.body}
            error={wrong[1]}
            onChange={(e) => form.set({ body: e.currentTarget.value })}
          />
          <FieldChips fields={LETTER_FIELDS} titles={FIELD_TITLES} onInsert={insert} />
          <TextInput
            label="Firma"
            placeholder="Il Presidente, Dott.ssa …"
            maxLength={200}
            value={v.signature}
            onChange={(e) => form.set({ signature: e.currentTarget.value })}
          />
        </div>
      </Card>
      <PaperPreview title="Come si stampa" label="Lettera di esempio" file={preview.data} error={preview.error} />
    </div>
  )
}

/** The first field that does not exist, said with those that do. */
function fieldError(text: string): string | null {
  const field = unknownField(text, LETTER_FIELDS)
  return field === null ? null : `Il campo {${field}} non esiste. Puoi usare ${LETTER_FIELD_LIST}.`
}

/** Only what the contract takes. */
function pick({ id, name, subject, body, signature }: LetterValues): LetterValues {
  return { id, name, subject, body, signature }
}
