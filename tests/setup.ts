// First line of every test process: better-sqlite3 dies with SIGSEGV on older Node, so say it in words instead.
if (Number(process.versions.node.split('.')[0]) < 22) {
  throw new Error(`the tests need Node 24 (run them with npm test), this is ${process.versions.node}`)
}

process.env.TZ = 'UTC'
process.env.NO_COLOR = '1'
