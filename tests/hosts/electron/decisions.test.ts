import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { menuTemplate } from '#hosts/electron/menu'
import { isAllowedNavigation, isAllowedPermission, isOpenedOutside } from '#hosts/electron/navigation'
import { pageResponse } from '#hosts/electron/page-response'
import { parseWindowState, placeWindow, type WindowState } from '#hosts/electron/window-state'

describe('navigation', () => {
  it('stays inside the program', () => {
    expect(isAllowedNavigation('app://quietanza/')).toBe(true)
    expect(isAllowedNavigation('app://quietanza/#/reversali?anno=2026')).toBe(true)
    for (const url of [
      'https://quietanza/',
      'app://altro/',
      'app://quietanza.altro.test/',
      'app://quietanza@altro/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'data:text/html,x',
      'about:blank',
      '',
    ]) {
      expect(isAllowedNavigation(url), url).toBe(false)
    }
  })

  it('hands web and mail links to the person’s own programs, nothing else', () => {
    expect(isOpenedOutside('https://www.pagopa.gov.it/')).toBe(true)
    expect(isOpenedOutside('mailto:segreteria@ordine.test')).toBe(true)
    // Pages of the rehearsal node.
    expect(isOpenedOutside('http://127.0.0.1:41234/checkout/1')).toBe(true)
    for (const url of [
      'http://a.test',
      'file:///c:/x.exe',
      'ms-settings:',
      'https://u:p@a.test',
      'app://quietanza/',
      'x',
    ]) {
      expect(isOpenedOutside(url), url).toBe(false)
    }
  })

  it('permissions: copying and full screen, for our pages only', () => {
    expect(isAllowedPermission('clipboard-sanitized-write', 'app://quietanza/')).toBe(true)
    expect(isAllowedPermission('clipboard-sanitized-write', 'https://altro.test/')).toBe(false)
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'openExternal',
      'usb',
      'serial',
    ]) {
      expect(isAllowedPermission(permission, 'app://quietanza/'), permission).toBe(false)
    }
  })
})

describe('the place of the window', () => {
  const screenA = { x: 0, y: 0, width: 1920, height: 1040 }
  const screenB = { x: 1920, y: 0, width: 1280, height: 1000 }
  const at = (x: number, y: number, width = 1366, height = 768): WindowState => ({
    x,
    y,
    width,
    height,
    maximized: false,
  })

  it('is the middle of the first screen the first time', () => {
    expect(placeWindow(null, [screenA])).toEqual({ x: 277, y: 136, width: 1366, height: 768, maximized: false })
  })
  it('is where it was, also on the second screen', () => {
    expect(placeWindow(at(2000, 100, 1100), [screenA, screenB])).toEqual(at(2000, 100, 1100))
  })
  it('comes back to the first when its screen has gone', () => {
    const placed = placeWindow(at(2000, 100), [screenA])
    expect(placed.x).toBe(277)
  })
  it('has its title bar on the screen', () => {
    expect(placeWindow(at(200, -3), [screenA]).y).toBe(0)
    expect(placeWindow(at(200, -500), [screenA]).y).toBe(136)
    expect(placeWindow(at(200, 1039), [screenA]).y).toBe(136)
  })
  it('fits a small screen and keeps the size that the pages need', () => {
    expect(placeWindow(at(0, 0, 4000, 3000), [screenA])).toMatchObject({ width: 1920, height: 1040 })
    expect(placeWindow(at(0, 0, 200, 100), [screenA])).toMatchObject({ width: 1024, height: 640 })
    expect(placeWindow(at(0, 0), [{ x: 0, y: 0, width: 800, height: 600 }])).toMatchObject({ width: 800, height: 600 })
  })
  it('remembers only what is a state', () => {
    expect(parseWindowState(JSON.stringify(at(1, 2)))).toEqual(at(1, 2))
    for (const text of [
      '',
      '{}',
      'null',
      '[]',
      '{"x":1,"y":2,"width":"9","height":9}',
      '{"x":1e99,"y":2,"width":0,"height":9}',
    ]) {
      expect(parseWindowState(text), text).toBeNull()
    }
  })
})

describe('the menu', () => {
  const actions = { openDataFolder: () => undefined, openLogFolder: () => undefined, about: () => undefined }
  it('is Italian in every entry, on each system', () => {
    for (const platform of ['win32', 'linux', 'darwin'] as const) {
      const template = menuTemplate(platform, actions)
      const entries = template.flatMap((m) => m.submenu as readonly { label?: string; type?: string }[])
      expect(entries.filter((e) => e.type !== 'separator' && !e.label)).toEqual([])
      expect(template.map((m) => m.label)).toEqual(expect.arrayContaining(['File', 'Modifica', 'Visualizza', 'Aiuto']))
    }
  })
})

describe('app:// answers', () => {
  let pages = ''
  beforeAll(async () => {
    pages = await mkdtemp(join(tmpdir(), 'quietanza-app-'))
    await writeFile(join(pages, 'index.html'), '<title>Quietanza</title>')
    await writeFile(join(pages, '..', 'quietanza-fuori.js'), 'x')
  })
  afterAll(async () => {
    await rm(pages, { recursive: true })
    await rm(join(pages, '..', 'quietanza-fuori.js'))
  })
  const get = (url: string, method = 'GET') => pageResponse(pages, { url, method })

  it('with the page and its policy', async () => {
    const answer = await get('app://quietanza/?x=1#/posizioni')
    expect([answer.status, await answer.text()]).toEqual([200, '<title>Quietanza</title>'])
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
  })
  it('and refuses everything else', async () => {
    expect((await get('app://altro/')).status).toBe(403)
    expect((await get('app://quietanza/', 'POST')).status).toBe(403)
    for (const path of [
      '../quietanza-fuori.js',
      '%2e%2e/quietanza-fuori.js',
      '..%2fquietanza-fuori.js',
      'x.sqlite',
      'manca.js',
    ]) {
      expect((await get(`app://quietanza/${path}`)).status, path).toBe(404)
    }
  })
})
