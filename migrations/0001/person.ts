import { day, id, instant, nullable, oneOf, ref, table, text, unique } from '../ddl/table.ts'

export const personTables = [
  table(
    'person',
    {
      id,
      kind: oneOf('F', 'G'),
      fiscalCode: nullable(text),
      vatNumber: nullable(text),
      name: text,
      category: oneOf('professionista', 'stp', 'praticante', 'altro'),
      mergedIntoId: nullable(ref('person')),
      searchKey: text,
    },
    [],
    [{ columns: ['fiscalCode'], unique: true, where: '"fiscalCode" IS NOT NULL AND "mergedIntoId" IS NULL' }],
  ),
  table(
    'contactPoint',
    {
      id,
      personId: ref('person'),
      kind: oneOf('email', 'pec', 'address', 'phone'),
      value: text,
      street: nullable(text),
      civicNumber: nullable(text),
      postalCode: nullable(text),
      city: nullable(text),
      province: nullable(text),
      country: nullable(text),
      validFrom: day,
      validTo: nullable(day),
      source: text,
      failedAt: nullable(instant),
    },
    [unique('personId', 'kind', 'value', 'validFrom')],
  ),
  table(
    'alboEntry',
    {
      id,
      personId: ref('person'),
      albo: text,
      section: nullable(text),
      number: text,
      from: day,
      to: nullable(day),
      status: text,
    },
    [unique('albo', 'number', 'from')],
    [{ columns: ['personId'] }],
  ),
]
