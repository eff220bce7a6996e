import { createHash } from 'node:crypto'
import type { Reply } from './http.ts'
import { PAGE_STYLE } from './page-style.ts'

/** Markup that is safe to put into markup; everything else is a text and is escaped. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

type Part = Html | string | number | null | false | readonly Part[]

/** Texts among the markup are escaped, also inside attributes in double quotes; null and false leave nothing. */
export function html(markup: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(markup.reduce((text, piece, n) => text + partText(parts[n - 1] ?? null) + piece))
}

function partText(part: Part): string {
  if (part === null || part === false) return ''
  if (part instanceof Html) return part.text
  if (typeof part === 'object') return part.map(partText).join('')
  return String(part).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

const STYLE_HASH = createHash('sha256').update(PAGE_STYLE).digest('base64')

/** A whole page without script: nothing is loaded, nothing is framed, forms go here and to `alsoTo` only. */
export function pageReply(title: string, body: Html, status = 200, alsoTo: readonly string[] = []): Reply {
  const page = html`<!doctype html>
<html lang="it">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title><link rel="icon" href="data:,">
<style>${new Html(PAGE_STYLE)}</style></head>
<body>${body}</body></html>
`
  return {
    status,
    type: 'text/html; charset=utf-8',
    headers: {
      'Content-Security-Policy': `default-src 'none'; img-src data:; style-src 'sha256-${STYLE_HASH}'; form-action 'self'${alsoTo.map((origin) => ` ${origin}`).join('')}; base-uri 'none'; frame-ancestors 'none'`,
      'X-Content-Type-Options': 'nosniff',
      // The token stands in the path: it goes to nobody else, and forms of this page still say where they come from.
      'Referrer-Policy': 'same-origin',
    },
    body: page.text,
  }
}

/** After something was done: the page is asked for anew, so that going back does it not twice. */
export function seeOther(location: string): Reply {
  return { status: 303, headers: { Location: location } }
}
