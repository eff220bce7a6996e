// Bundles the desktop's three programs, and the thread that draws, into dist/electron. Our own rooms go in; the packages
// of `dependencies` stay packages (the installer carries them), so native ones keep their files.
import { rmSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { build } from 'vite'
import { requireNode, root } from './renderer.mjs'

requireNode()
const out = join(root, 'dist', 'electron')
rmSync(out, { recursive: true, force: true })

const builtins = new Set(builtinModules.flatMap((m) => [m, `node:${m}`]))
/** Everything that is not a file of ours. */
const isExternal = (id) =>
  id === 'electron' ||
  builtins.has(id) ||
  (!id.startsWith('.') && !id.startsWith('/') && !id.startsWith('#') && !/^[A-Za-z]:[\\/]/.test(id))

await bundle(
  { main: 'main.ts', backend: 'backend-process.ts', 'paper-worker': '../../services/paper-worker.ts' },
  'es',
  '[name].js',
)
// A sandboxed preload is one plain CommonJS script.
await bundle({ preload: 'preload.ts' }, 'cjs', '[name].cjs')
writeFileSync(join(out, 'package.json'), '{ "type": "module" }\n')

async function bundle(entries, format, entryFileNames) {
  await build({
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    build: {
      ssr: true,
      outDir: out,
      emptyOutDir: false,
      target: 'node24',
      minify: false,
      sourcemap: false,
      rollupOptions: {
        input: Object.fromEntries(
          Object.entries(entries).map(([name, file]) => [name, join(root, 'src-main', 'hosts', 'electron', file)]),
        ),
        external: isExternal,
        output: { format, entryFileNames, chunkFileNames: 'chunk-[hash].js' },
      },
    },
  })
}
