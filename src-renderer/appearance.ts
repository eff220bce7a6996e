const KEY = 'quietanza.righe'

export type Density = 'normale' | 'comoda'

export function density(): Density {
  return localStorage.getItem(KEY) === 'comoda' ? 'comoda' : 'normale'
}

/** Row height of every list; the colour scheme is kept by Mantine. */
export function setDensity(next: Density): void {
  localStorage.setItem(KEY, next)
  applyDensity()
  window.dispatchEvent(new Event('quietanza:density'))
}

export function applyDensity(): void {
  document.documentElement.dataset.density = density()
}
