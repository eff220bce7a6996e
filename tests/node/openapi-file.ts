import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { specsDir } from '../specs.ts'

interface Schema {
  readonly [key: string]: unknown
}

export interface OfficialParameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly schema?: Schema
}

interface Content {
  readonly [type: string]: { readonly schema?: Schema } | undefined
}

export interface OfficialOperation {
  readonly operationId: string
  readonly parameters: readonly OfficialParameter[]
  readonly requestBody?: { readonly required?: boolean; readonly content: Content }
  readonly responses: Readonly<
    Record<
      string,
      | { readonly headers?: Readonly<Record<string, { readonly schema?: Schema }>>; readonly content?: Content }
      | undefined
    >
  >
}

export type Way = 'request' | 'reply'

/** An OpenAPI file as its authors published it, made into a judge. */
export interface OfficialFile {
  readonly name: string
  operation(
    method: string,
    path: string,
  ): { readonly operation: OfficialOperation; readonly parameters: Readonly<Record<string, string>> } | null
  faults(schema: Schema, value: unknown, way: Way): string[]
  /** By the name of a schema. */
  schemaFaults(name: string, value: unknown, way: Way): string[]
  parameterFaults(parameter: OfficialParameter, text: string): string[]
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OfficialOperation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch']
const read = new Map<string, OfficialFile | null>()

/** Null where the specifications are not at hand. */
export function officialFile(name: string): OfficialFile | null {
  const known = read.get(name)
  if (known !== undefined) return known
  const document = documentOf(name)
  const file = document === null ? null : fileOf(name, document)
  read.set(name, file)
  return file
}

function documentOf(name: string): OpenApi | null {
  const folder = specsDir()
  const path = folder === null ? null : join(folder, 'pagopa-data', 'openapi', `${name}.json`)
  if (path === null || !existsSync(path)) return null
  return mended(JSON.parse(readFileSync(path, 'utf8'))) as OpenApi
}

/**
 * What is loose or written for other readers:
 * - objects say nothing of fields that they do not name, so that a misspelt one would pass: here it is a fault;
 * - `\h` of Java (a blank) is no escape of JavaScript;
 * - OpenAPI 3.0 writes `exclusiveMaximum: true` beside `maximum`.
 */
function mended(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(mended)
  if (typeof value !== 'object' || value === null) return value
  const out: Record<string, unknown> = {}
  for (const [name, inner] of Object.entries(value)) out[name] = mended(inner)
  if (typeof out.pattern === 'string') out.pattern = out.pattern.replaceAll('\\h', ' \\t')
  if (out.exclusiveMaximum === true) {
    out.exclusiveMaximum = out.maximum
    delete out.maximum
  }
  const fields = typeof out.properties === 'object' && out.type === 'object'
  if (fields && out.additionalProperties === undefined) out.additionalProperties = false
  return out
}

function fileOf(name: string, document: OpenApi): OfficialFile {
  const ways = { request: ajv(name, document, 'readOnly'), reply: ajv(name, document, 'writeOnly') }
  const compiled = new Map<string, ValidateFunction>()
  const faults = (schema: Schema, value: unknown, way: Way) => {
    const key = `${way} ${JSON.stringify(schema)}`
    let validate = compiled.get(key)
    if (validate === undefined) {
      validate = ways[way].compile(rooted(name, schema) as Schema)
      compiled.set(key, validate)
    }
    validate(value)
    return (validate.errors ?? []).map((error) => {
      const what = error.params.additionalProperty ?? error.params.allowedValues ?? ''
      return `${error.instancePath || '/'} ${error.message} ${what}`.trim()
    })
  }
  const routes = Object.entries(document.paths).flatMap(([template, at]) => {
    const names = [...template.matchAll(/\{([^}]+)\}/g)].map((match) => match[1] as string)
    const route = new RegExp(`^${template.replace(/\{[^}]+\}/g, '([^/]+)')}$`)
    const methods = Object.entries(at).filter(([method]) => METHODS.includes(method))
    return methods.map(([method, operation]) => ({
      ...{ method: method.toUpperCase(), route, names },
      // Of some operations all parameters stand at the path.
      operation: { ...operation, parameters: [...(operation.parameters ?? []), ...parametersOf(at)] },
    }))
  })
  return {
    name,
    operation(method, path) {
      // A path of fixed words comes before one with a name in it.
      const [best] = routes
        .filter((one) => one.method === method && one.route.test(path))
        .sort((a, b) => a.names.length - b.names.length)
      if (best === undefined) return null
      const values = best.route.exec(path) ?? []
      return {
        operation: best.operation,
        parameters: Object.fromEntries(best.names.map((at, i) => [at, decodeURIComponent(values[i + 1] as string)])),
      }
    },
    faults,
    schemaFaults: (schema, value, way) => faults({ $ref: `#/components/schemas/${schema}` }, value, way),
    parameterFaults(parameter, text) {
      if (parameter.schema === undefined) return []
      const schema = resolved(document, parameter.schema)
      const value = schema.type === 'integer' ? (/^-?\d+$/.test(text) ? Number(text) : text) : text
      const typed = schema.type === 'boolean' && /^(true|false)$/.test(text) ? text === 'true' : value
      return faults(parameter.schema, typed, 'request').map(
        (fault) => `${parameter.in} ${parameter.name}=${text}: ${fault}`,
      )
    },
  }
}

function parametersOf(at: object): readonly OfficialParameter[] {
  return (at as { readonly parameters?: readonly OfficialParameter[] }).parameters ?? []
}

function resolved(document: OpenApi, schema: Schema): Schema {
  const name = typeof schema.$ref === 'string' ? schema.$ref.split('/').at(-1) : undefined
  return name === undefined ? schema : (document.components.schemas[name] ?? schema)
}

function ajv(name: string, document: OpenApi, never: 'readOnly' | 'writeOnly'): Ajv {
  const one = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false, logger: false })
  addFormats.default(one)
  // Names of people who wrote the file for other tools.
  for (const format of ['int32', 'int64', 'float', 'double', 'binary']) one.addFormat(format, true)
  one.removeKeyword(never)
  one.addKeyword({ keyword: never, validate: (marked: boolean) => !marked })
  one.addSchema({ $id: name, components: document.components })
  return one
}

function rooted(name: string, schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map((inner) => rooted(name, inner))
  if (typeof schema !== 'object' || schema === null) return schema
  return Object.fromEntries(
    Object.entries(schema).map(([key, inner]) => [
      key,
      key === '$ref' && typeof inner === 'string' && inner.startsWith('#') ? `${name}${inner}` : rooted(name, inner),
    ]),
  )
}
