import type { MenuItemConstructorOptions } from 'electron'

export interface MenuActions {
  openDataFolder(): void
  openLogFolder(): void
  about(): void
}

/** The window's menu, in Italian: what the system offers everywhere. The program's own commands are in its palette. */
export function menuTemplate(platform: NodeJS.Platform, actions: MenuActions): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin'
  const file: MenuItemConstructorOptions = {
    label: 'File',
    submenu: [
      { label: 'Apri la cartella dei dati', click: actions.openDataFolder },
      { type: 'separator' },
      mac ? { role: 'close', label: 'Chiudi finestra' } : { role: 'quit', label: 'Esci' },
    ],
  }
  const edit: MenuItemConstructorOptions = {
    label: 'Modifica',
    submenu: [
      { role: 'undo', label: 'Annulla' },
      { role: 'redo', label: 'Ripeti' },
      { type: 'separator' },
      { role: 'cut', label: 'Taglia' },
      { role: 'copy', label: 'Copia' },
      { role: 'paste', label: 'Incolla' },
      { role: 'selectAll', label: 'Seleziona tutto' },
    ],
  }
  const view: MenuItemConstructorOptions = {
    label: 'Visualizza',
    submenu: [
      { role: 'resetZoom', label: 'Dimensioni normali' },
      { role: 'zoomIn', label: 'Ingrandisci' },
      { role: 'zoomOut', label: 'Riduci' },
      { type: 'separator' },
      { role: 'togglefullscreen', label: 'Schermo intero' },
    ],
  }
  const help: MenuItemConstructorOptions = {
    label: 'Aiuto',
    submenu: [
      { label: 'Apri la cartella del registro tecnico', click: actions.openLogFolder },
      { role: 'toggleDevTools', label: 'Strumenti per l’assistenza' },
      { type: 'separator' },
      { label: 'Informazioni su Quietanza', click: actions.about },
    ],
  }
  const app: MenuItemConstructorOptions = {
    label: 'Quietanza',
    submenu: [
      { role: 'hide', label: 'Nascondi Quietanza' },
      { role: 'quit', label: 'Esci da Quietanza' },
    ],
  }
  return mac ? [app, file, edit, view, help] : [file, edit, view, help]
}
