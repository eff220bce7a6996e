// Imported first by every entry: better-sqlite3 dies without a word on older versions.
if (Number(process.versions.node.split('.')[0]) < 22) {
  process.stderr.write(`Quietanza: serve Node 24, questo è ${process.versions.node}. Avvia il programma con npm.\n`)
  process.exit(1)
}
