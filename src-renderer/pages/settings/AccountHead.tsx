import { Button, SegmentedControl, Select } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { mayLeave } from '../../components/unsaved.ts'

const ON_SIGHT = 3

/** Which account is shown, and a new one. */
export function AccountHead({
  accounts,
  current,
  word,
  onChoose,
}: {
  readonly accounts: readonly { readonly id: number; readonly name: string }[]
  /** Undefined while a new one is written. */
  readonly current: { readonly id: number } | undefined
  /** «Nuovo account». */
  readonly word: string
  readonly onChoose: (id: string) => void
}) {
  const data = accounts.map((a) => ({ value: String(a.id), label: a.name }))
  const choose = (id: string) => {
    void mayLeave().then((may) => may && onChoose(id))
  }
  const value = current ? String(current.id) : 'nuovo'
  return (
    <>
      {accounts.length > 1 && accounts.length <= ON_SIGHT && (
        <SegmentedControl aria-label="Account" value={value} data={data} onChange={choose} />
      )}
      {accounts.length > ON_SIGHT && (
        <Select
          aria-label="Account"
          w={220}
          value={current ? value : null}
          placeholder={word}
          data={data}
          onChange={(id) => id && choose(id)}
        />
      )}
      <Button
        leftSection={<IconPlus size={16} stroke={1.7} aria-hidden />}
        disabled={!current}
        onClick={() => choose('nuovo')}
      >
        {word}
      </Button>
    </>
  )
}
