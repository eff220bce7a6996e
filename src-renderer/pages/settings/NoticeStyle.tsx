import { SegmentedControl } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { NOTICE_GRAPHIC_KINDS } from '#domain/notice-graphics'
import { client, orpc } from '../../client.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { useForm } from '../../components/form-state.ts'
import { Card } from '../../components/Page.tsx'
import { useUrlState } from '../../url-state.ts'
import { KitPart } from './notice/KitPart.tsx'
import { fileNameError, PaymentPart } from './notice/PaymentPart.tsx'
import { StylePreview } from './notice/StylePreview.tsx'
import { isNeeded, type Style, type StyleValues } from './notice/style.ts'
import { WordsPart } from './notice/WordsPart.tsx'
import { SaveFoot } from './SaveFoot.tsx'

const PARTS = ['pagamento', 'kit', 'lingue'] as const
type Part = (typeof PARTS)[number]

/** Avvisi: what all notices of the institution carry, with a notice beside that shows it while it is written. */
export function NoticeStyle() {
  const query = useQuery(orpc.noticeStyle.get.queryOptions())
  if (!query.data) return <Card title="Avvisi">{query.error ? <ErrorNote error={query.error} /> : null}</Card>
  return <StyleForm style={query.data} />
}

function StyleForm({ style }: { readonly style: Style }) {
  const [url, setUrl] = useUrlState()
  const part = PARTS.find((p) => p === url.parte) ?? 'pagamento'
  const form = useForm<StyleValues>(valuesOf(style))
  const v = form.values
  const loaded = style.graphics.map((g) => g.kind)
  const lacking = NOTICE_GRAPHIC_KINDS.some(
    (kind) => isNeeded(kind, v.postalAccountId !== null) && !loaded.includes(kind),
  )
  return (
    <div className="settings-pair">
      <Card
        title="Avvisi"
        about="come si stampano, tutti"
        grow
        label="Avvisi"
        actions={
          <SegmentedControl
            aria-label="Parte"
            value={part}
            data={[
              { value: 'pagamento', label: 'Pagamento' },
              { value: 'kit', label: marked('Kit grafico', lacking) },
              { value: 'lingue', label: 'Lingue' },
            ]}
            onChange={(value) => setUrl({ parte: value === 'pagamento' ? undefined : value })}
          />
        }
        foot={
          <SaveFoot
            form={form}
            disabled={fileNameError(v.fileNamePattern) !== null}
            onSave={() => void form.submit((values) => client.noticeStyle.save(values))}
            left={<ErrorNote error={form.error} />}
          />
        }
      >
        {part !== 'lingue' && <Warnings warnings={style.warnings} />}
        <PartBody part={part} style={style} values={v} set={form.set} />
      </Card>
      <StylePreview values={v} saved={style} />
    </div>
  )
}

function PartBody({
  part,
  style,
  values,
  set,
}: {
  readonly part: Part
  readonly style: Style
  readonly values: StyleValues
  readonly set: (patch: Partial<StyleValues>) => void
}) {
  if (part === 'kit') return <KitPart graphics={style.graphics} slip={values.postalAccountId !== null} />
  if (part === 'lingue') {
    return <WordsPart language={values.secondLanguage} onLanguage={(secondLanguage) => set({ secondLanguage })} />
  }
  return <PaymentPart values={values} set={set} />
}

/** What the notices lack, as the backend says it. */
function Warnings({ warnings }: { readonly warnings: readonly string[] }) {
  if (warnings.length === 0) return null
  return (
    <div className="note note-warn small style-warnings">
      <IconAlertTriangle size={16} stroke={1.7} aria-hidden />
      <ul>
        {warnings.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </div>
  )
}

function marked(label: string, lacking: boolean): ReactNode {
  if (!lacking) return label
  return (
    <span className="marked-label">
      {label}
      <IconAlertTriangle size={14} stroke={1.7} className="t-warn" aria-hidden />
      <span className="visually-hidden"> (manca qualcosa)</span>
    </span>
  )
}

/** Only what is edited: the answer carries also what is loaded and what is lacking. */
function valuesOf({ graphics: _graphics, warnings: _warnings, ...values }: Style): StyleValues {
  return values
}
