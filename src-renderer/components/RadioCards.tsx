import { Radio, type RadioGroupProps } from '@mantine/core'

/** One of a few choices, each a card with its name and a line under it. */
export function RadioCards<Value extends string>({
  choices,
  onChange,
  ...group
}: Omit<RadioGroupProps, 'children' | 'onChange' | 'value'> & {
  readonly value: Value
  readonly onChange: (value: Value) => void
  readonly choices: readonly { readonly value: Value; readonly label: string; readonly description: string }[]
}) {
  return (
    <Radio.Group {...group} onChange={(value) => onChange(value as Value)}>
      <div className="radio-cards">
        {choices.map((choice) => (
          <Radio key={choice.value} className="radio-card" size="xs" {...choice} />
        ))}
      </div>
    </Radio.Group>
  )
}
