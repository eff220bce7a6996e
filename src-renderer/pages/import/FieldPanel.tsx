import { IconGripVertical } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { REGISTER_FIELDS, type RegisterField } from '#domain/register-field'
import type { RegisterMapping, RegisterSource } from '#domain/register-mapping'
import { Card } from '../../components/Page.tsx'
import { ToneText } from '../../components/St.tsx'
import { FieldSource } from './FieldSource.tsx'
import type { Look } from './import-draft.ts'
import { fieldsOfGroup, GROUP_NAMES, GROUPS } from './mapping-edit.ts'
import { SkipRows } from './SkipRows.tsx'

/** The fields of the tracciato, where each takes its text; dragged onto a column, or opened and chosen by keyboard. */
export function FieldPanel({
  columns,
  mapping,
  missing,
  opened,
  onOpen,
  onChange,
  onTranslate,
}: {
  readonly columns: Look['columns']
  readonly mapping: RegisterMapping
  readonly missing: readonly RegisterField[]
  readonly opened: RegisterField | null
  readonly onOpen: (field: RegisterField | null) => void
  readonly onChange: (mapping: RegisterMapping) => void
  readonly onTranslate: (field: RegisterField) => void
}) {
  const open = useRef<HTMLLIElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: F8 opens a field: it is brought into view, Tab goes on from it
  useEffect(() => {
    open.current?.scrollIntoView({ block: 'nearest' })
    open.current?.querySelector('button')?.focus({ preventScroll: true })
  }, [opened])
  return (
    <Card title="Campi" label="Campi" about="trascinali su una colonna, o aprili" grow flush>
      {GROUP_NAMES.map((group) => {
        const fields = fieldsOfGroup(group, mapping.purpose)
        if (fields.length === 0) return null
        return (
          <section key={group} aria-label={GROUPS[group]}>
            <h3 className="map-group">{GROUPS[group]}</h3>
            <ul className="map-fields">
              {fields.map((field) => (
                <li
                  key={field}
                  ref={opened === field ? open : null}
                  draggable
                  onDragStart={(event) => {
                    event.dataTransfer.setData('text/plain', field)
                    event.dataTransfer.effectAllowed = 'link'
                  }}
                >
                  <button
                    type="button"
                    className="map-field"
                    aria-expanded={opened === field}
                    title={REGISTER_FIELDS[field].help}
                    onClick={() => onOpen(opened === field ? null : field)}
                  >
                    <IconGripVertical size={14} stroke={1.7} aria-hidden />
                    <span className="map-label">{REGISTER_FIELDS[field].label}</span>
                    <SourceWords source={mapping.fields[field]} missing={missing.includes(field)} />
                  </button>
                  {opened === field && (
                    <FieldSource
                      field={field}
                      columns={columns}
                      mapping={mapping}
                      onChange={onChange}
                      onTranslate={() => onTranslate(field)}
                    />
                  )}
                </li>
              ))}
            </ul>
          </section>
        )
      })}
      <section aria-label="Righe da saltare">
        <h3 className="map-group">Righe da saltare</h3>
        <SkipRows columns={columns} mapping={mapping} onChange={onChange} />
      </section>
    </Card>
  )
}

function SourceWords({ source, missing }: { readonly source: RegisterSource | undefined; readonly missing: boolean }) {
  if (source === undefined) {
    return missing ? <ToneText tone="bad">manca</ToneText> : <span className="muted map-source">non serve</span>
  }
  const words = sourceWords(source)
  return (
    <span className="map-source" title={words}>
      {words}
    </span>
  )
}

/** «B + C», «sempre «2026»», «composta». */
function sourceWords(source: RegisterSource): string {
  if (source.kind === 'constant') return `sempre «${source.text}»`
  if (source.kind === 'template') return 'composta'
  const letters = source.columns.map((c) => c.letter).join(' + ')
  return source.translations.length > 0 ? `${letters} tradotta` : letters
}
