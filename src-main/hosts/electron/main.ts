import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { app, BrowserWindow, dialog, ipcMain, Menu, protocol, session, shell } from 'electron'
import { dataFolderOf, openDataFolder, THIS_MACHINE } from '../data-folder.ts'
import { BackendLink } from './backend-link.ts'
import { openMainWindow } from './main-window.ts'
import { menuTemplate } from './menu.ts'
import { WANT_PORT } from './messages.ts'
import { APP_SCHEME, isAllowedNavigation, isAllowedPermission } from './navigation.ts'
import { pageResponse } from './page-response.ts'

/** Folder of the bundle: `dist/electron`, with the pages in `dist/renderer` beside it. */
const HERE = import.meta.dirname
const PAGES = join(HERE, '..', 'renderer')

const { values } = parseArgs({ strict: false, args: process.argv.slice(1), options: { data: { type: 'string' } } })
if (typeof values.data === 'string') process.env.QUIETANZA_DATA = resolve(values.data)

// Chromium's own files stay apart from the ledger; the lock of the single instance lies there too, one a data folder.
app.setPath('userData', join(dataFolderOf(THIS_MACHINE), 'finestra'))
protocol.registerSchemesAsPrivileged([
  { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
])

if (!app.requestSingleInstanceLock()) app.quit()
else void start()

async function start(): Promise<void> {
  app.enableSandbox()
  const folder = await openDataFolder()
  await app.whenReady()
  guardSession()
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate(process.platform, {
        openDataFolder: () => void shell.openPath(folder),
        openLogFolder: () => void shell.openPath(join(folder, 'log')),
        about: () => app.showAboutPanel(),
      }),
    ),
  )
  app.setAboutPanelOptions({ applicationName: 'Quietanza', applicationVersion: app.getVersion() })

  const backend = new BackendLink(join(HERE, 'backend.js'), folder, lost)
  ipcMain.on(WANT_PORT, (event) => {
    if (event.senderFrame === null || !isAllowedNavigation(event.senderFrame.url)) return
    if (event.senderFrame === event.sender.mainFrame) void backend.connect(event.sender).catch(() => undefined)
  })
  app.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows()
    if (window?.isMinimized()) window.restore()
    window?.focus()
  })
  app.on('window-all-closed', () => app.quit())
  let closed = false
  app.on('before-quit', (event) => {
    if (closed) return
    event.preventDefault()
    void backend.close().then(() => {
      closed = true
      app.quit()
    })
  })

  try {
    await backend.ready
  } catch (error) {
    dialog.showErrorBox('Quietanza non si apre', (error as Error).message)
    closed = true
    app.exit(1)
    return
  }
  openMainWindow(folder, join(HERE, 'preload.cjs'))
}

function guardSession(): void {
  const { defaultSession } = session
  protocol.handle(APP_SCHEME, (request) => pageResponse(PAGES, request))
  defaultSession.setPermissionRequestHandler((_contents, permission, allow, details) => {
    allow(isAllowedPermission(permission, details.requestingUrl))
  })
  defaultSession.setPermissionCheckHandler((_contents, permission, origin) =>
    isAllowedPermission(permission, `${origin}/`),
  )
  defaultSession.setDevicePermissionHandler(() => false)
  // The pages load nothing from the network: whatever asks for it is not ours.
  defaultSession.webRequest.onBeforeRequest(
    { urls: ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*', 'file://*'] },
    (_details, answer) => answer({ cancel: true }),
  )
}

function lost(code: number): void {
  const pressed = dialog.showMessageBoxSync({
    type: 'error',
    title: 'Quietanza',
    message: 'Il processo dell’archivio si è fermato.',
    detail: `Niente di scritto è andato perso (codice ${code}). Riavvia il programma.`,
    buttons: ['Riavvia', 'Chiudi'],
    cancelId: 1,
  })
  if (pressed === 0) app.relaunch()
  app.exit(1)
}
