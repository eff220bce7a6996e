import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { ROOT } from '../house/cruise.ts'

interface Found {
  readonly path: string
  /** What the bundled one needs on a bare machine. */
  readonly env: Readonly<Record<string, string>>
}

/** The system's Chromium, Chrome or Edge, else the one from the registry. `QUIETANZA_BROWSER=bundled` or a path decides. */
export function findBrowser(env: NodeJS.ProcessEnv = process.env): Found {
  const told = env.QUIETANZA_BROWSER
  if (told && told !== 'bundled') return { path: told, env: {} }
  const system = told === 'bundled' ? null : systemBrowser(env)
  return system ? { path: system, env: {} } : bundledBrowser()
}

function systemBrowser(env: NodeJS.ProcessEnv): string | null {
  if (process.platform === 'win32') {
    const homes = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter((p) => p !== undefined)
    const programs = [
      ['Google', 'Chrome', 'Application', 'chrome.exe'],
      ['Microsoft', 'Edge', 'Application', 'msedge.exe'],
      ['Chromium', 'Application', 'chrome.exe'],
    ]
    return homes.flatMap((home) => programs.map((p) => join(home, ...p))).find(existsSync) ?? null
  }
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge']
  const folders = (env.PATH ?? '').split(delimiter)
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync) ?? null
}

/**
 * The Chromium of `@sparticuz/chromium`. It unpacks into the temporary folder and takes any file of that name found
 * there, so a child with a folder of its own does it, once. Its `args` are never used: they switch web security off.
 */
function bundledBrowser(): Found {
  const manifest = readFileSync(join(ROOT, 'node_modules', '@sparticuz', 'chromium', 'package.json'), 'utf8')
  const { version } = JSON.parse(manifest) as { version: string }
  const home = join(ROOT, 'node_modules', '.cache', 'quietanza', `chromium-${version}`)
  const path = join(home, 'chromium')
  if (!existsSync(path)) {
    const unpacking = `${home}.${process.pid}`
    mkdirSync(unpacking, { recursive: true })
    execFileSync(process.execPath, [join(ROOT, 'tests', 'e2e', 'unpack-child.ts')], {
      cwd: ROOT,
      env: { ...process.env, TMPDIR: unpacking, AWS_LAMBDA_JS_RUNTIME: 'nodejs24.x' },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    writeFileSync(join(unpacking, 'fonts', 'fonts.conf'), fontsConfig(home))
    try {
      renameSync(unpacking, home)
    } catch (error) {
      // Another test file was quicker.
      if (!existsSync(path)) throw error
      rmSync(unpacking, { recursive: true, force: true })
    }
  }
  return { path, env: { LD_LIBRARY_PATH: join(home, 'al2023', 'lib'), FONTCONFIG_PATH: join(home, 'fonts') } }
}

/** Its own settings look for fonts in folders of a cloud machine; without any, a letter that ours lack ends the browser. */
function fontsConfig(home: string): string {
  const folders = [join(home, 'fonts', 'fonts'), '/usr/share/fonts'].map((folder) => `<dir>${folder}</dir>`)
  const cache = `<cachedir>${join(home, 'fonts-cache')}</cachedir>`
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${folders.join('')}${cache}</fontconfig>`
}

/** Nothing in the background may look for the network; web security, cookies and origins stay as a person has them. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-sync',
  '--no-first-run',
  '--no-default-browser-check',
]

export function launchBrowser(): Promise<Browser> {
  const { path, env } = findBrowser()
  const root = process.getuid?.() === 0
  return chromium.launch({
    executablePath: path,
    args: [...QUIET, ...(root ? ['--no-sandbox'] : [])],
    env: { ...(process.env as Record<string, string>), ...env },
  })
}
