import '../require-node.ts'
import { runCommandLine } from './run.ts'

// The reader of a pipe may have had enough (`| head`): that is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exitCode = error.code === 'EPIPE' ? process.exitCode : 4
})

const { code, stdout, stderr } = await runCommandLine(process.argv.slice(2))
process.exitCode = code
process.stderr.write(stderr)
// No process.exit: it would cut what a pipe has not taken yet.
process.stdout.write(stdout)
