export function PersonCard() {
  return null
}
