import { ProblemError, problem } from '#domain/problem'

const OUTLINE = 'Nel programma di disegno converti i testi in tracciati e salva di nuovo l’SVG, oppure usa il PNG.'
const FLATTEN = 'Usa colori pieni e forme semplici e salva di nuovo l’SVG, oppure usa il PNG.'
const PLAIN = 'Salva di nuovo il disegno come «SVG semplice», oppure usa il PNG.'

/** What each element that is not drawn means for the person who exported it, and what to do. */
const WORDS: Readonly<Record<string, readonly [what: string, remedy: string]>> = {
  text: ['un testo', OUTLINE],
  tspan: ['un testo', OUTLINE],
  textPath: ['un testo lungo un tracciato', OUTLINE],
  image: ['un’immagine incorporata', 'Usa il PNG di tutto il disegno, o togli l’immagine.'],
  linearGradient: ['una sfumatura', FLATTEN],
  radialGradient: ['una sfumatura', FLATTEN],
  meshgradient: ['una sfumatura', FLATTEN],
  pattern: ['un motivo ripetuto', FLATTEN],
  filter: ['un filtro', FLATTEN],
  mask: ['una maschera', FLATTEN],
  marker: ['frecce o segni sulle linee', FLATTEN],
  symbol: ['un simbolo', PLAIN],
  svg: ['un disegno dentro il disegno', PLAIN],
  a: ['un collegamento', PLAIN],
  script: ['uno script', PLAIN],
  foreignObject: ['un oggetto estraneo al disegno', PLAIN],
  animate: ['un’animazione', PLAIN],
  animateTransform: ['un’animazione', PLAIN],
  animateMotion: ['un’animazione', PLAIN],
  set: ['un’animazione', PLAIN],
}

/** @throws ProblemError GRAPHIC_UNSUPPORTED with the element's name and its line. */
export function refuseElement(name: string, line: number): never {
  const [what, remedy] = WORDS[name] ?? ['un elemento che il programma non disegna', PLAIN]
  return refuseUnsupported(`${what} (elemento «${name}»)`, remedy, line)
}

/** `what` follows «Il disegno contiene». */
export function refuseFeature(what: string, line: number): never {
  return refuseUnsupported(what, FLATTEN, line)
}

/** What no export for print has: declarations, references outside, styles of web pages. */
export function refuseForeign(what: string, line: number): never {
  return refuseUnsupported(what, PLAIN, line)
}

function refuseUnsupported(what: string, remedy: string, line: number): never {
  throw new ProblemError(problem('GRAPHIC_UNSUPPORTED', { what, remedy }, { position: { line } }))
}

export function refuseLimit(limit: string): never {
  throw new ProblemError(problem('GRAPHIC_LIMIT', { limit }))
}

export function refuseBroken(reason: string, line?: number): never {
  throw new ProblemError(problem('GRAPHIC_BROKEN', { reason }, line === undefined ? {} : { position: { line } }))
}
