/** The fields that a text may name; a click puts one in. */
export function FieldChips({
  fields,
  onInsert,
  titles,
}: {
  readonly fields: readonly string[]
  readonly onInsert: (field: string) => void
  /** What each one says, shown on hover. */
  readonly titles?: Readonly<Record<string, string>>
}) {
  return (
    <div className="field-chips">
      <span className="small ink2">Inserisci:</span>
      {fields.map((field) => (
        <button key={field} type="button" title={titles?.[field]} onClick={() => onInsert(field)}>
          {`{${field}}`}
        </button>
      ))}
    </div>
  )
}
