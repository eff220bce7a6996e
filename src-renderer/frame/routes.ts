import type { useNavigate } from '@tanstack/react-router'

/** Goes to a route written as text by the backend: `/posizioni?vista=scadute&sel=380`. */
export function openRoute(navigate: ReturnType<typeof useNavigate>, route: string): void {
  const url = new URL(route, 'http://localhost')
  void navigate({ to: url.pathname, search: Object.fromEntries(url.searchParams) as never })
}
