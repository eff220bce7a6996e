import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BrowserWindow, nativeTheme, screen, shell } from 'electron'
import { APP_ORIGIN, isAllowedNavigation, isOpenedOutside } from './navigation.ts'
import { MIN_SIZE, parseWindowState, placeWindow, type WindowState } from './window-state.ts'

/** Height of the page's own top bar, in which the system draws its three buttons. */
const BAR_HEIGHT = 44

/** Opens the one window, where it was left. */
export function openMainWindow(folder: string, preload: string): BrowserWindow {
  const memory = join(folder, 'finestra', 'posizione.json')
  const workAreas = [screen.getPrimaryDisplay().workArea, ...screen.getAllDisplays().map((display) => display.workArea)]
  const state = placeWindow(read(memory), workAreas)
  const window = new BrowserWindow({
    ...{ x: state.x, y: state.y, width: state.width, height: state.height },
    minWidth: Math.min(MIN_SIZE.width, state.width),
    minHeight: Math.min(MIN_SIZE.height, state.height),
    show: false,
    title: 'Quietanza',
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#16181c' : '#ffffff',
    titleBarStyle: 'hidden',
    titleBarOverlay: overlay(),
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  })
  if (state.maximized) window.maximize()
  window.once('ready-to-show', () => window.show())
  window.on('close', () => write(memory, { ...window.getNormalBounds(), maximized: window.isMaximized() }))
  nativeTheme.on('updated', () => {
    if (!window.isDestroyed() && process.platform !== 'darwin') window.setTitleBarOverlay(overlay())
  })
  guard(window)
  void window.loadURL(`${APP_ORIGIN}/`)
  return window
}

function guard(window: BrowserWindow): void {
  const { webContents } = window
  webContents.on('will-navigate', (event) => {
    if (!isAllowedNavigation(event.url)) event.preventDefault()
  })
  webContents.on('will-redirect', (event) => {
    if (!isAllowedNavigation(event.url)) event.preventDefault()
  })
  webContents.on('will-attach-webview', (event) => event.preventDefault())
  webContents.setWindowOpenHandler(({ url }) => {
    if (isOpenedOutside(url)) void shell.openExternal(url)
    return { action: 'deny' }
  })
}

function overlay() {
  const dark = nativeTheme.shouldUseDarkColors
  return { color: '#00000000', symbolColor: dark ? '#e6e8eb' : '#33373d', height: BAR_HEIGHT }
}

function read(memory: string): WindowState | null {
  try {
    return parseWindowState(readFileSync(memory, 'utf8'))
  } catch {
    return null
  }
}

function write(memory: string, state: WindowState): void {
  try {
    writeFileSync(memory, JSON.stringify(state))
  } catch {
    // The place of a window is not worth a message.
  }
}
