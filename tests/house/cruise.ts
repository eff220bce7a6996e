import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

interface Breach {
  readonly rule: { readonly name: string }
  readonly from: string
  readonly to: string
}

interface CruiseSummary {
  readonly totalCruised: number
  readonly violations: readonly Breach[]
}

/** Runs dependency-cruiser with the project's rules over `folders` of `cwd`. It exits 0 also when it reads nothing. */
export function cruise(cwd: string, folders: readonly string[]): Promise<CruiseSummary> {
  const script = `${ROOT}node_modules/dependency-cruiser/bin/dependency-cruiser.mjs`
  const args = [script, '--config', `${ROOT}.dependency-cruiser.cjs`, '--output-type', 'json', ...folders]
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd, maxBuffer: 256 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (stdout === '') reject(new Error(`dependency-cruiser said nothing: ${stderr || error?.message}`))
      else resolve((JSON.parse(stdout) as { summary: CruiseSummary }).summary)
    })
  })
}
