import { randomUUID } from 'node:crypto'
import type { StandardHandlerOptions } from '@orpc/server/standard'

/**
 * Answers that carry files. Node's own stream of a `FormData` goes on writing after the page that asked has hung up, and
 * the rejection that nobody awaits ends the whole program; besides, it holds the whole file. The same bytes as one
 * `Blob` of the parts are read as they leave, and stop when the reader does.
 */
// biome-ignore lint/suspicious/noExplicitAny: the context passes through
export const answerFilesInParts: NonNullable<StandardHandlerOptions<any>['rootInterceptors']>[number] = async (
  options,
) => {
  const result = await options.next()
  if (!result.matched || !(result.response.body instanceof FormData)) return result
  const boundary = `quietanza-${randomUUID()}`
  const body = multipart(result.response.body, boundary)
  return {
    ...result,
    response: {
      ...result.response,
      headers: {
        ...result.response.headers,
        'content-type': `multipart/form-data; boundary=${boundary}`,
        'content-length': String(body.size),
      },
      body: body.stream(),
    },
  }
}

/** RFC 7578, with names escaped as browsers do. */
function multipart(form: FormData, boundary: string): Blob {
  const parts: (string | Blob)[] = []
  for (const [name, value] of form) {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${escaped(name)}"`
    if (typeof value === 'string') parts.push(`${head}\r\n\r\n`, value)
    else {
      const type = value.type || 'application/octet-stream'
      parts.push(`${head}; filename="${escaped(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`, value)
    }
    parts.push('\r\n')
  }
  return new Blob([...parts, `--${boundary}--\r\n`])
}

function escaped(name: string): string {
  return name.replace(/\n/g, '%0A').replace(/\r/g, '%0D').replace(/"/g, '%22')
}
