/** What main and backend process tell each other; the calls of the pages go over their own port. */
export type ToBackend =
  | { readonly type: 'open'; readonly folder: string }
  | { readonly type: 'port' }
  | { readonly type: 'close' }

export type FromBackend =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly text: string }
  | { readonly type: 'closed' }

/** Between page and preload (`window.postMessage`), and between preload and main (IPC). */
export const WANT_PORT = 'quietanza:want-port'
export const PORT = 'quietanza:port'
