/** Fields that the subject and the text of a campaign may name. */
export const TEMPLATE_FIELDS = ['nome', 'causale', 'importo', 'scadenza', 'numeroAvviso', 'ente'] as const
export type TemplateField = (typeof TEMPLATE_FIELDS)[number]

/** The first `{field}` that is not known, or null. */
export function unknownField(template: string): string | null {
  for (const [, name = ''] of template.matchAll(/\{([^{}\r\n]*)\}/g)) {
    if (!(TEMPLATE_FIELDS as readonly string[]).includes(name)) return name
  }
  return null
}

/** The template with its fields filled in; a value is never read as a template again. */
export function fillTemplate(template: string, values: Readonly<Record<TemplateField, string>>): string {
  return template.replace(/\{([^{}\r\n]*)\}/g, (whole, name: string) =>
    (TEMPLATE_FIELDS as readonly string[]).includes(name) ? values[name as TemplateField] : whole,
  )
}

export const STANDARD_SUBJECT = 'Avviso di pagamento: {causale}'

export const STANDARD_BODY = `{nome},

in allegato l’avviso di pagamento per «{causale}».

Importo: {importo} euro
Scadenza: {scadenza}
Numero avviso: {numeroAvviso}

Si paga su pagoPA: in banca, in posta, dal tabaccaio o con un’app, con il codice QR dell’avviso.

{ente}
`
