import { Key } from '../components/Key.tsx'
import { Sheet } from '../components/Sheet.tsx'
import { type KeyBinding, useBoundKeys } from '../keys.ts'

/** `?`: every key that acts now, of the page and of the program. */
export function KeysSheet({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const bound = useBoundKeys()
  return (
    <Sheet opened={opened} onClose={onClose} title="Tasti" size={640}>
      <div className="keys-sheet">
        <Group title="In questa pagina" bindings={bound.page} />
        <Group title="Ovunque" bindings={bound.program} />
      </div>
    </Sheet>
  )
}

function Group({ title, bindings }: { readonly title: string; readonly bindings: readonly KeyBinding[] }) {
  if (bindings.length === 0) return null
  return (
    <section>
      <h3>{title}</h3>
      <dl>
        {bindings.map((b) => (
          <div key={`${[b.keys].flat().join()}-${b.label}`}>
            <dt>
              {[b.keys].flat().map((k) => (
                <Key key={k} keys={k} />
              ))}
            </dt>
            <dd>{b.label}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
