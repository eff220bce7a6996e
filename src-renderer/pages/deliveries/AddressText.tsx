/** An address in full; where it does not fit it breaks after the @. */
export function AddressText({ address }: { readonly address: string }) {
  const at = address.indexOf('@') + 1
  return (
    <span className="mono">
      {address.slice(0, at)}
      <wbr />
      {address.slice(at)}
    </span>
  )
}
