import { ipcRenderer } from 'electron'

// The one door between page and program: the page asks for a port, gets it, and this script does nothing more. Written
// out and not imported: a sandboxed preload is one plain script.
window.addEventListener('message', (event) => {
  if (event.source === window && event.data === 'quietanza:want-port') ipcRenderer.send('quietanza:want-port')
})

ipcRenderer.on('quietanza:port', (event) => {
  window.postMessage('quietanza:port', location.origin === 'null' ? '*' : location.origin, event.ports)
})
