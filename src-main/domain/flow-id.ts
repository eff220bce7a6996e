/** Comparison key of a flow id: lower case, only `[0-9a-z]`, so that what banks do to separators and case is undone. */
export function foldFlowId(text: string): string {
  return text.toLowerCase().replace(/[^0-9a-z]/g, '')
}
