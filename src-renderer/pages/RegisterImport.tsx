export function RegisterImport() {
  return null
}
