import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const here = dirname(fileURLToPath(import.meta.url))
const rooms = resolve(here, '../src-main')

/**
 * The renderer is built once for both hosts. Target and cssTarget are the Chromium of Electron 45: with older targets
 * Lightning CSS rewrites colours (SCREENS.md §12.2).
 */
export default defineConfig({
  root: here,
  base: '/',
  publicDir: resolve(here, 'public'),
  plugins: [react()],
  resolve: {
    alias: [
      { find: /^#domain\/(.*)$/, replacement: `${rooms}/domain/$1.ts` },
      { find: /^#contract\/(.*)$/, replacement: `${rooms}/contract/$1.ts` },
    ],
  },
  build: {
    outDir: resolve(here, '../dist/renderer'),
    emptyOutDir: true,
    target: 'chrome140',
    cssTarget: 'chrome140',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
  },
})
