import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { specsDir } from '../specs.ts'

// The schemas of App IO as its own OpenAPI files state them. No YAML reader is among our dependencies: this one reads
// what those files are written in (maps by indent, lists, quoted and block texts), and throws at anything else.

export type Schema = { readonly [key: string]: unknown }

/** Faults of a value by a named schema, empty when it conforms; null where the specifications are not at hand. */
export function ioSpec(): ((name: string, value: unknown) => string[]) | null {
  const folder = specsDir()
  if (folder === null) return null
  const openapi = join(folder, 'pagopa-data', 'openapi')
  const paths = readYaml(afterPaths(readFileSync(join(openapi, 'io_services_messages_index.yaml'), 'utf8')))
  const shared = readYaml(readFileSync(join(openapi, 'io_definitions_v3.yaml'), 'utf8')) as Record<string, Schema>
  const own = (paths as { definitions: Record<string, Schema> }).definitions
  // The index points at a package of its authors for what the definitions' file holds.
  const find = (name: string): Schema => {
    const schema = own[name]
    const found = schema === undefined || String(schema.$ref ?? '').startsWith('..') ? shared[name] : schema
    if (found === undefined) throw new Error(`no schema ${name}`)
    return found
  }
  const parameter = (paths as { parameters: Record<string, Schema> }).parameters.FiscalCode as Schema
  return (name, value) => faults(name === 'FiscalCode' ? parameter : find(name), value, name, find, parameter)
}

/** The examples of the paths are written in JSON over many lines; the schemas come after them. */
function afterPaths(source: string): string {
  return source.slice(source.indexOf('\ndefinitions:') + 1)
}

function faults(
  schema: Schema,
  value: unknown,
  at: string,
  find: (name: string) => Schema,
  fiscalCode: Schema,
): string[] {
  const below = (child: Schema, inner: unknown, place: string) => faults(child, inner, place, find, fiscalCode)
  const out: string[] = []
  if (typeof schema.$ref === 'string') {
    const name = schema.$ref.split('/').at(-1) as string
    return below(name === 'FiscalCode' ? fiscalCode : find(name), value, at)
  }
  const say = (text: string) => out.push(`${at}: ${text}`)
  const all = (schema.allOf ?? []) as Schema[]
  // `x-one-of` marks alternatives that their generator cannot write otherwise.
  if (schema['x-one-of'] === true) {
    if (!all.some((one) => below(one, value, at).length === 0)) say(`none of the alternatives takes ${value}`)
  } else for (const one of all) out.push(...below(one, value, at))
  if (schema.type === 'object' || schema.properties !== undefined) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [...out, `${at}: no object`]
    const fields = value as Record<string, unknown>
    for (const name of (schema.required ?? []) as string[]) if (fields[name] === undefined) say(`${name} is missing`)
    for (const [name, child] of Object.entries((schema.properties ?? {}) as Record<string, Schema>)) {
      if (fields[name] !== undefined) out.push(...below(child, fields[name], `${at}.${name}`))
    }
  }
  if (schema.type === 'array') {
    if (!Array.isArray(value)) say('no array')
    else for (const item of value) out.push(...below(schema.items as Schema, item, `${at}[]`))
  }
  if (schema.type === 'boolean' && typeof value !== 'boolean') say('no boolean')
  if (schema.type === 'integer') {
    if (!Number.isInteger(value)) say('no integer')
    if ((value as number) < Number(schema.minimum ?? value)) say(`below ${schema.minimum}`)
    const over = schema.exclusiveMaximum === true ? Number(schema.maximum) - 1 : schema.maximum
    if ((value as number) > Number(over ?? value)) say(`above ${schema.maximum}`)
  }
  if (schema.type === 'string') {
    if (typeof value !== 'string') return [...out, `${at}: no text`]
    if (value.length < Number(schema.minLength ?? 0)) say(`shorter than ${schema.minLength}`)
    if (value.length > Number(schema.maxLength ?? Number.POSITIVE_INFINITY)) say(`longer than ${schema.maxLength}`)
    if (schema.pattern !== undefined && !new RegExp(String(schema.pattern)).test(value)) say(`not ${schema.pattern}`)
    const names = (schema['x-extensible-enum'] ?? schema.enum) as string[] | undefined
    if (names !== undefined && !names.includes(value)) say(`${value} is none of ${names}`)
    if (schema.format === 'UTCISODateFromString' && new Date(value).toISOString() !== value) say('no UTC instant')
    if (schema.format === 'OrganizationFiscalCode' && !/^\d{11}$/.test(value)) say('no fiscal code of an institution')
  }
  return out
}

interface Line {
  readonly indent: number
  readonly text: string
}

export function readYaml(source: string): unknown {
  const lines = source.split('\n').map((text): Line => ({ indent: text.search(/\S|$/), text: text.trimEnd() }))
  let at = 0
  const skip = () => {
    while (at < lines.length && /^\s*(#.*)?$/.test((lines[at] as Line).text)) at += 1
    return lines[at]
  }
  const block = (indent: number): string => {
    const kept: string[] = []
    for (; at < lines.length; at += 1) {
      const line = lines[at] as Line
      if (line.text.trim() !== '' && line.indent <= indent) break
      kept.push(line.text.trim())
    }
    return kept.join('\n').trim()
  }
  const value = (text: string, indent: number): unknown => {
    if (/^[|>][+-]?$/.test(text)) return block(indent)
    if (text === '') {
      const next = skip()
      const list = next?.text.trim().startsWith('- ') === true && next.indent === indent
      return next !== undefined && (next.indent > indent || list) ? node(next.indent) : null
    }
    // A plain text may go on, further in, on the next lines.
    if (!/^["'[{]/.test(text) && (lines[at]?.indent ?? 0) > indent && lines[at]?.text.trim() !== '') {
      return `${text} ${block(indent)}`
    }
    return scalar(text)
  }
  const node = (indent: number): unknown => {
    const first = skip()
    if (first?.text.trim().startsWith('- ')) {
      const items: unknown[] = []
      for (let line = skip(); line?.indent === indent && line.text.trim().startsWith('- '); line = skip()) {
        const rest = line.text.trim().slice(2)
        if (KEY.test(rest)) {
          lines[at] = { indent: indent + 2, text: `${' '.repeat(indent + 2)}${rest}` }
          items.push(node(indent + 2))
        } else {
          at += 1
          items.push(value(rest, indent))
        }
      }
      return items
    }
    const map: Record<string, unknown> = {}
    for (let line = skip(); line?.indent === indent; line = skip()) {
      const match = KEY.exec(line.text.trim())
      if (match === null) throw new Error(`line ${at + 1}: ${line.text}`)
      at += 1
      map[(match[1] as string).replace(/^["']|["']$/g, '')] = value(match[2] ?? '', indent)
    }
    return map
  }
  const whole = node(0)
  if (skip() !== undefined) throw new Error(`line ${at + 1}: ${lines[at]?.text}`)
  return whole
}

const KEY = /^("[^"]*"|'[^']*'|[^\s"'[{][^:]*|\[[^\]]*\]):(?:\s+(.*))?$/

function scalar(text: string): unknown {
  const quoted = /^(["'])(.*)\1$/.exec(text)
  if (quoted) return quoted[1] === '"' ? (JSON.parse(text) as string) : quoted[2]
  if (/^\[.*\]$/.test(text))
    return text
      .slice(1, -1)
      .split(',')
      .map((part) => scalar(part.trim()))
  if (text === 'true' || text === 'false') return text === 'true'
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
}
