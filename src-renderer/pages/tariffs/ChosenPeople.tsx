import { Select } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { Id } from '#domain/brand'
import { usePersonSearch } from '../deliveries/person-search.ts'

export interface ChosenPerson {
  readonly id: Id<'person'>
  readonly name: string
}

/** People picked one by one, by a piece of their name. */
export function ChosenPeople({
  people,
  onChange,
}: {
  readonly people: readonly ChosenPerson[]
  readonly onChange: (people: readonly ChosenPerson[]) => void
}) {
  const search = usePersonSearch()
  const add = (value: string | null) => {
    const option = search.options.find((o) => o.value === value)
    if (option === undefined) return
    const id = Number(option.value) as Id<'person'>
    if (!people.some((p) => p.id === id)) onChange([...people, { id, name: option.label }])
    search.setText('')
  }
  return (
    <div>
      <Select
        label="A chi"
        placeholder="Nome, codice fiscale, numero d’albo"
        searchable
        value={null}
        data={search.options.filter((o) => !people.some((p) => String(p.id) === o.value))}
        searchValue={search.text}
        onSearchChange={search.setText}
        filter={({ options }) => options}
        nothingFoundMessage={search.none ? 'Nessuno si chiama così' : 'Scrivi almeno due lettere'}
        onChange={add}
      />
      <ul className="chosen-people">
        {people.map((person) => (
          <li key={person.id}>
            <span className="cut">{person.name}</span>
            <button
              type="button"
              className="icon-button"
              aria-label={`Togli ${person.name}`}
              onClick={() => onChange(people.filter((p) => p.id !== person.id))}
            >
              <IconX size={14} stroke={1.7} aria-hidden />
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
