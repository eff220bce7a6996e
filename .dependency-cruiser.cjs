// The table of rooms as rules: who may import whom. tests/house proves that these rules see and report a planted breach.
const ROOMS = {
  domain: { path: '^src-main/domain/', rooms: [], npm: [], core: [] },
  contract: { path: '^src-main/contract/', rooms: ['domain'], npm: ['zod', '@orpc/contract'], core: [] },
  codecs: {
    path: '^src-main/codecs/',
    rooms: ['domain'],
    npm: ['exceljs', 'papaparse', 'saxes', 'fast-png', 'svgpath', 'fflate', 'uqr'],
    core: ['zlib', 'crypto', 'buffer', 'stream'],
  },
  ledger: {
    path: '^src-main/ledger/',
    rooms: ['domain', 'migrations'],
    npm: ['kysely', 'better-sqlite3', 'pg'],
    core: 'any',
  },
  gateways: {
    path: '^src-main/gateways/',
    rooms: ['domain'],
    npm: ['nodemailer', '@napi-rs/keyring', 'imapflow', 'ssh2-sftp-client', 'basic-ftp'],
    core: 'any',
  },
  services: {
    path: '^src-main/services/',
    rooms: ['domain', 'contract', 'codecs', 'ledger', 'gateways'],
    npm: ['@orpc/server', '@orpc/client', '@orpc/contract', 'zod'],
    core: 'any',
  },
  simulator: { path: '^src-main/simulator/', rooms: ['domain', 'codecs'], npm: [], core: 'any' },
  hosts: {
    path: '^src-main/hosts/',
    rooms: ['domain', 'contract', 'codecs', 'ledger', 'gateways', 'services', 'simulator'],
    npm: 'any',
    core: 'any',
  },
  renderer: { path: '^src-renderer/', rooms: ['domain', 'contract'], npm: 'any', core: [] },
  migrations: { path: '^migrations/', rooms: [], npm: ['kysely'], core: [] },
}

const forbidden = [
  { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
  { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  {
    name: 'no-tests-in-program',
    severity: 'error',
    from: { path: '^(src-main|src-renderer|migrations)/' },
    to: { path: '^(tests|benchmarks|scripts|fixtures)/' },
  },
]

for (const [name, room] of Object.entries(ROOMS)) {
  const own = [room.path, ...room.rooms.map((r) => ROOMS[r].path)]
  forbidden.push({
    name: `${name}-rooms`,
    comment: `${name} may import only: ${[name, ...room.rooms].join(', ')}`,
    severity: 'error',
    // The pages' build file is a tool beside them, not a page.
    from: { path: room.path, pathNot: '^src-renderer/vite\\.config\\.ts$' },
    to: { path: '^(src-main|src-renderer|migrations)/', pathNot: own },
  })
  const outside = { from: { path: room.path, pathNot: '^src-renderer/vite\\.config\\.ts$' } }
  if (room.npm !== 'any') {
    forbidden.push({
      ...outside,
      name: `${name}-packages`,
      severity: 'error',
      to: { path: '(^|/)node_modules/', pathNot: room.npm.map((p) => `(^|/)node_modules/(@types/)?${p}/`) },
    })
  }
  if (room.core !== 'any') {
    forbidden.push({
      ...outside,
      name: `${name}-node`,
      severity: 'error',
      to: { dependencyTypes: ['core'], pathNot: room.core.map((m) => `^(node:)?${m}(/|$)`) },
    })
  }
}
// A rule without exceptions must not carry an empty list.
for (const rule of forbidden) if (Array.isArray(rule.to.pathNot) && rule.to.pathNot.length === 0) delete rule.to.pathNot

module.exports = {
  forbidden,
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|release|coverage)/' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.d.ts'],
    },
  },
}
