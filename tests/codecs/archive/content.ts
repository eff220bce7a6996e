/** One operator with its operands: strings as bytes (Latin-1), names with their slash, everything else as written. */
export interface Operation {
  readonly operator: string
  readonly operands: readonly string[]
  /** Strings shown by it. */
  readonly strings: readonly string[]
}

/** The operators of a content stream; inline images come as one `BI`, their dictionary as operands. */
export function operations(content: string): Operation[] {
  const found: Operation[] = []
  let operands: string[] = []
  let strings: string[] = []
  let at = 0
  while (at < content.length) {
    const char = content[at] as string
    if (/\s|\0/.test(char)) at++
    else if (char === '(') {
      const [text, end] = literal(content, at)
      strings.push(text)
      operands.push('(string)')
      at = end
    } else if (char === '<' && content[at + 1] !== '<') {
      const end = content.indexOf('>', at)
      strings.push(Buffer.from(content.slice(at + 1, end), 'hex').toString('latin1'))
      operands.push('(string)')
      at = end + 1
    } else if ('[]'.includes(char)) at++
    else if (content.startsWith('<<', at) || content.startsWith('>>', at)) {
      operands.push(content.slice(at, at + 2))
      at += 2
    } else {
      const token = /^\/?[^\s\0()<>[\]/]+/.exec(content.slice(at, at + 200))?.[0]
      if (token === undefined) throw new Error(`a token at ${at}: ${content.slice(at, at + 20)}`)
      at += token.length
      if (token.startsWith('/') || /^[-+.\d]/.test(token) || token === 'true' || token === 'false') operands.push(token)
      else if (token === 'ID') {
        const end = content.indexOf('EI', content.indexOf('>', at))
        found.push({ operator: 'BI', operands, strings })
        operands = []
        strings = []
        at = end + 2
      } else if (token === 'BI') operands = []
      else {
        found.push({ operator: token, operands, strings })
        operands = []
        strings = []
      }
    }
  }
  return found
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }

function literal(content: string, start: number): [string, number] {
  let text = ''
  let depth = 0
  for (let at = start; at < content.length; at++) {
    const char = content[at] as string
    if (char === '\\') {
      const next = content[++at] as string
      text += ESCAPES[next] ?? next
    } else if (char === '(') {
      if (depth++ > 0) text += char
    } else if (char === ')') {
      if (--depth === 0) return [text, at + 1]
      text += char
    } else text += char
  }
  throw new Error('a string without end')
}
