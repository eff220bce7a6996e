import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createPackage } from '@electron/asar'
import { NtExecutable, NtExecutableResource, Resource } from 'resedit'

/** Where Electron's fuses are found in its binary, then version 1, nine fuses, as they are delivered. */
const FUSES = Buffer.concat([
  Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
  Buffer.from([1, 9]),
  Buffer.from('101100011'),
])

/**
 * Electron's own folder cannot be fetched everywhere: this one has its shape, with a harmless program in its place that
 * carries the fuses and (for Windows) the version resources that the packager edits.
 */
export async function electronStandIn(folder: string, platform: 'linux' | 'win32', version: string): Promise<string> {
  const dist = join(folder, `electron-${platform}`)
  await mkdir(join(dist, 'resources'), { recursive: true })
  await mkdir(join(dist, 'locales'))
  await writeFile(join(dist, 'version'), version)
  await writeFile(join(dist, 'LICENSE'), 'stand-in')
  await writeFile(join(dist, 'LICENSES.chromium.html'), 'stand-in')
  await writeFile(join(dist, 'locales', 'it.pak'), '')
  await writeFile(join(dist, 'locales', 'en-US.pak'), '')
  const empty = join(folder, `empty-${platform}`)
  await mkdir(empty)
  await writeFile(join(empty, 'main.js'), '')
  await createPackage(empty, join(dist, 'resources', 'default_app.asar'))
  if (platform === 'win32') await writeFile(join(dist, 'electron.exe'), await windowsProgram())
  else {
    const program = join(dist, 'electron')
    await writeFile(program, Buffer.concat([Buffer.from('\x7fELF'), Buffer.alloc(512), FUSES, Buffer.alloc(64)]))
    await chmod(program, 0o755)
    await copyFile(program, join(dist, 'chrome-sandbox'))
  }
  return dist
}

/** An unsigned PE file made from nothing: DOS and PE heads, a code section with the fuses, version resources. */
async function windowsProgram(): Promise<Buffer> {
  const program = NtExecutable.createEmpty(false, false)
  const resources = NtExecutableResource.from(program, true)
  const values = { ProductName: 'stand-in', FileDescription: 'stand-in' }
  const info = Resource.VersionInfo.create(1033, {}, [{ lang: 1033, codepage: 1200, values }])
  info.outputToResourceEntries(resources.entries)
  resources.outputResource(program)
  return Buffer.concat([Buffer.from(program.generate()), Buffer.alloc(64), FUSES, Buffer.alloc(64)])
}
