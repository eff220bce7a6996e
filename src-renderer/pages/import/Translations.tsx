import { Button, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { FileToken } from '#domain/ports'
import { REGISTER_FIELDS, type RegisterField } from '#domain/register-field'
import { categoryOf, foldCell, type RegisterMapping } from '#domain/register-mapping'
import { orpc } from '../../client.ts'
import { counted, formatCount } from '../../components/cells.tsx'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { ScrollBox } from '../../components/ScrollBox.tsx'
import { Sheet } from '../../components/Sheet.tsx'
import { ToneText } from '../../components/St.tsx'
import { useKnownTexts } from './FieldSource.tsx'
import { columnsOf, withTranslations } from './mapping-edit.ts'

/** The different values of a field's columns and what each becomes; those that we would not understand are marked. */
export function Translations({
  token,
  field,
  mapping,
  onChange,
  onClose,
}: {
  readonly token: FileToken
  readonly field: RegisterField
  readonly mapping: RegisterMapping
  readonly onChange: (mapping: RegisterMapping) => void
  readonly onClose: () => void
}) {
  const source = mapping.fields[field]
  const known = useKnownTexts(field)
  const translations = source?.kind === 'columns' ? source.translations : []
  const letters = columnsOf(source).map((c) => c.letter)
  const values = useQuery(
    orpc.registerImport.columnValues.queryOptions({
      input: { token, mapping: { ...mapping, fields: {}, skip: [] }, letters },
      enabled: letters.length > 0,
    }),
  )
  const ours = new Set(known?.map(foldCell))
  const becomes = (text: string) => translations.find((t) => foldCell(t.from) === foldCell(text))?.to ?? null
  const reads = (text: string) => (field === 'category' ? categoryOf(text) !== null : ours.has(foldCell(text)))
  const asks = (text: string) => known !== null && text !== '' && becomes(text) === null && !reads(text)
  const set = (from: string, to: string | null) => {
    const others = translations.filter((t) => foldCell(t.from) !== foldCell(from))
    onChange(withTranslations(mapping, field, to === null || to === '' ? others : [...others, { from, to }]))
  }
  const list = values.data?.values ?? []
  const open = list.filter((v) => asks(v.text)).length
  const label = REGISTER_FIELDS[field].label
  return (
    <Sheet opened onClose={onClose} title={`Valori di «${label}»`} size={640}>
      <p className="ink2">
        {open > 0
          ? `${counted(open, 'valore non è tra i nostri', 'valori non sono tra i nostri')}: scegli che cosa ${open === 1 ? 'diventa' : 'diventano'}.`
          : 'Ciò che non traduci si legge com’è.'}
      </p>
      <ErrorNote error={values.error} />
      <ScrollBox className="columns-list" label={`Valori di ${label}`}>
        <table className="plain translations">
          <thead>
            <tr>
              <th>Nel file</th>
              <th className="right">Righe</th>
              <th>Diventa</th>
            </tr>
          </thead>
          <tbody>
            {list.map((v) => (
              <tr key={v.text}>
                <td className="mono">{v.text === '' ? <span className="muted">vuota</span> : v.text}</td>
                <td className="right">{formatCount(v.count)}</td>
                <td>
                  {v.text === '' ? (
                    <span className="muted small">si dice in «Dove la cella è vuota»</span>
                  ) : known === null ? (
                    <TextInput
                      aria-label={`«${v.text}» diventa`}
                      placeholder="com’è"
                      maxLength={500}
                      value={becomes(v.text) ?? ''}
                      onChange={(event) => set(v.text, event.currentTarget.value)}
                    />
                  ) : (
                    <div className="map-column">
                      <Select
                        aria-label={`«${v.text}» diventa`}
                        placeholder={asks(v.text) ? 'scegli' : 'com’è'}
                        searchable
                        selectFirstOptionOnChange
                        clearable
                        data={known}
                        value={becomes(v.text)}
                        onChange={(to) => set(v.text, to)}
                      />
                      {asks(v.text) && <ToneText tone="warn">da dire</ToneText>}
                    </div>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {(values.data?.total ?? 0) > list.length && (
          <p className="muted small card-body">
            E altri {formatCount((values.data?.total ?? 0) - list.length)} valori diversi, meno frequenti.
          </p>
        )}
      </ScrollBox>
      <div className="sheet-foot">
        <Button variant="filled" onClick={onClose}>
          Torna alle colonne
        </Button>
      </div>
    </Sheet>
  )
}
