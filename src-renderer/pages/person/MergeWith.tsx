import { Button, Select } from '@mantine/core'
import { Sheet } from '../../components/Sheet.tsx'
import { usePersonSearch } from '../deliveries/person-search.ts'
import type { PersonId } from './card.ts'

/** With whom a person is one: chosen by name, code or number in the albo. */
export function MergeWith({
  personId,
  onClose,
  onChosen,
}: {
  readonly personId: PersonId
  readonly onClose: () => void
  readonly onChosen: (id: PersonId) => void
}) {
  const search = usePersonSearch()
  const { chosen } = search
  return (
    <Sheet opened onClose={onClose} title="Unisci con un’altra scheda">
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          if (chosen !== null && chosen.id !== personId) onChosen(chosen.id)
        }}
      >
        <Select
          label="L’altra persona"
          placeholder="Nome, CF, numero d’albo, e-mail"
          searchable
          data-autofocus
          data={search.options.filter((option) => option.value !== String(personId))}
          filter={({ options }) => options}
          value={search.value}
          searchValue={search.text}
          onSearchChange={search.setText}
          onChange={search.choose}
          nothingFoundMessage={search.none ? 'Nessuno si chiama così.' : undefined}
        />
        <div className="person-foot">
          <Button onClick={onClose}>Lascia</Button>
          <Button type="submit" variant="filled" disabled={chosen === null}>
            Confronta…
          </Button>
        </div>
      </form>
    </Sheet>
  )
}
