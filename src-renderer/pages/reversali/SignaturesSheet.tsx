import { Button, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { client, orpc } from '../../client.ts'
import { ErrorNote } from '../../components/ErrorNote.tsx'
import { useForm } from '../../components/form-state.ts'
import { Sheet } from '../../components/Sheet.tsx'
import { say } from '../../components/toast.ts'

const FIELDS = ['first', 'second', 'third'] as const
const LABELS = { first: 'A sinistra', second: 'Al centro, o a destra', third: 'A destra' } as const

/** The offices under which reversali and transmission lists are signed: the institution's choice, for all its papers. */
export function SignaturesSheet({ onClose }: { readonly onClose: () => void }) {
  const signatures = useQuery(orpc.reversale.signatures.queryOptions())
  return (
    <Sheet opened onClose={onClose} title="Firme delle reversali e delle distinte" size={480}>
      <ErrorNote error={signatures.error} />
      {signatures.data && <Offices offices={signatures.data.offices} onClose={onClose} />}
    </Sheet>
  )
}

function Offices({ offices, onClose }: { readonly offices: readonly string[]; readonly onClose: () => void }) {
  const form = useForm({ first: offices[0] ?? '', second: offices[1] ?? '', third: offices[2] ?? '' })
  const save = async () => {
    const kept = FIELDS.map((field) => form.values[field].trim()).filter((office) => office !== '')
    if (!(await form.submit(() => client.reversale.saveSignatures({ offices: kept })))) return
    say('Firme salvate: le prossime stampe le portano.')
    onClose()
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <p className="ink2">Fino a tre cariche, una per riga di firma. Un campo vuoto non stampa niente.</p>
      {FIELDS.map((field, i) => (
        <TextInput
          key={field}
          mt={8}
          label={LABELS[field]}
          maxLength={60}
          placeholder={i === 0 ? 'Il Tesoriere' : ''}
          value={form.values[field]}
          data-autofocus={i === 0 ? true : undefined}
          onChange={(event) => form.set({ [field]: event.currentTarget.value })}
        />
      ))}
      <ErrorNote error={form.error} />
      <div className="dialog-foot inset">
        <span />
        <Button onClick={onClose}>Lascia</Button>
        <Button type="submit" variant="filled" disabled={!form.changed} loading={form.busy}>
          Salva
        </Button>
      </div>
    </form>
  )
}
