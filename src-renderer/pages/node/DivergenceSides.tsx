import type { DivergenceRow } from './node-work.ts'

/** Both sides facing each other, what is different marked. */
export function DivergenceSides({ sides }: { readonly sides: DivergenceRow['sides'] }) {
  // The two sides name their states differently: it is the state that differs only where nothing else does.
  const others = sides.some((side) => side.what !== 'Stato' && side.here !== side.there)
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
          <tr key={`${what}-${i}`} className={here === there || (what === 'Stato' && others) ? '' : 'apart'}>
            <th scope="row">{what}</th>
            <td>{here}</td>
            <td>{there}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
