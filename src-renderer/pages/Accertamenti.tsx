export function Accertamenti() {
  return null
}
