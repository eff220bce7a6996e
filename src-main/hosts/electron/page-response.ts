import { readPage } from '../web/page-file.ts'
import { SECURITY_HEADERS } from '../web/policy.ts'
import { isAllowedNavigation } from './navigation.ts'

/** Answers `app://quietanza/…` from the built pages, with the same headers as the browser host. */
export async function pageResponse(
  pages: string,
  request: { readonly url: string; readonly method: string },
): Promise<Response> {
  if (request.method !== 'GET' || !isAllowedNavigation(request.url)) return new Response(null, { status: 403 })
  const page = await readPage(pages, rawPath(request.url))
  if (page === null) return new Response(null, { status: 404 })
  const headers = { ...SECURITY_HEADERS, 'content-type': page.type, 'cache-control': page.cache }
  return new Response(page.bytes as Uint8Array<ArrayBuffer>, { status: 200, headers })
}

/** The path as it was asked: `new URL` would quietly resolve its dots before they can be refused. */
function rawPath(url: string): string {
  return url.replace(/^[a-z]+:\/\/[^/]*/i, '').split(/[?#]/)[0] || '/'
}
