/** Texts with `{fields}`: mails, cover letters and names of files share this one maker. */

const FIELD = /\{([^{}\r\n]*)\}/g

/** The fields that a template names, in their order. */
export function templateFields(template: string): string[] {
  return [...template.matchAll(FIELD)].map(([, name = '']) => name)
}

/** The first `{field}` that is not known, or null. */
export function unknownField(template: string, known: readonly string[]): string | null {
  return templateFields(template).find((name) => !known.includes(name)) ?? null
}

/**
 * The template with its fields filled in; a value is never read as a template again, and an unknown field stays as it is
 * written. A line all of whose fields are empty is left out, so that «Si può pagare {rate}» goes with the instalments.
 */
export function fillTemplate<F extends string>(template: string, values: Readonly<Record<F, string>>): string {
  const filled = (name: string): string | undefined => (Object.hasOwn(values, name) ? values[name as F] : undefined)
  return template
    .split('\n')
    .filter((line) => {
      const fields = templateFields(line)
      return fields.length === 0 || fields.some((name) => filled(name) !== '')
    })
    .map((line) => line.replace(FIELD, (whole, name: string) => filled(name) ?? whole))
    .join('\n')
}
