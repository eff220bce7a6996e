import { SegmentedControl } from '@mantine/core'
import { FORMATS, type PartnerFormat } from './partner-work.ts'

const KEY = 'quietanza.partner.formato'

/** The last one chosen on this workstation: a partner takes one form, always the same. */
export function lastFormat(): PartnerFormat {
  return localStorage.getItem(KEY) === 'csv' ? 'csv' : 'json'
}

/** In which form the partner takes files. */
export function FormatField({
  value,
  onChange,
}: {
  readonly value: PartnerFormat
  readonly onChange: (format: PartnerFormat) => void
}) {
  return (
    <div className="partner-format">
      <SegmentedControl
        size="xs"
        aria-label="Formato del file"
        data={Object.entries(FORMATS).map(([format, { name }]) => ({ value: format, label: name }))}
        value={value}
        onChange={(format) => {
          localStorage.setItem(KEY, format)
          onChange(format as PartnerFormat)
        }}
      />
      <span className="ink2 small">{FORMATS[value].note}</span>
    </div>
  )
}
