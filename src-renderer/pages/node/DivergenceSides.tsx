import type { DivergenceRow } from './node-work.ts'

/** Both sides facing each other, what is different marked. */
export function DivergenceSides({ sides }: { readonly sides: DivergenceRow['sides'] }) {
  return (
    <table className="sides">
      <thead>
        <tr>
          <td />
          <th scope="col">Qui</th>
          <th scope="col">Sul nodo</th>
        </tr>
      </thead>
      <tbody>
        {sides.map(({ what, here, there }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same field of several payments, in order
          <tr key={`${what}-${i}`} className={here === there ? '' : 'apart'}>
            <th scope="row">{what}</th>
            <td>{here}</td>
            <td>{there}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
