import { NumberInput } from '@mantine/core'

/** A whole number typed by hand, null when empty. */
export function WholeNumber({
  value,
  onChange,
  max,
  min = 0,
  ...props
}: {
  readonly label?: string
  readonly 'aria-label'?: string
  readonly description?: string
  readonly placeholder?: string
  readonly className?: string
  readonly value: number | null
  readonly onChange: (value: number | null) => void
  readonly min?: number
  readonly max: number
}) {
  return (
    <NumberInput
      {...props}
      hideControls
      allowDecimal={false}
      allowNegative={min < 0}
      min={min}
      max={max}
      clampBehavior="strict"
      value={value ?? ''}
      onChange={(next) => onChange(next === '' ? null : Number(next))}
    />
  )
}
