import { writeFileSync } from 'node:fs'

/** Counts, and the reasons of what was skipped, for the last lines of `npm test`. */
export default class Summary {
  onTestRunEnd(modules, unhandledErrors) {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
    const reasons = {}
    for (const module of modules) {
      counts.failed += module.errors().length
      for (const test of module.children.allTests()) {
        const result = test.result()
        if (result.state === 'passed') counts.passed += 1
        else if (result.state === 'failed') counts.failed += 1
        else {
          counts.skipped += 1
          const why = result.note ?? `${module.relativeModuleId}: ${test.fullName}`
          reasons[why] = (reasons[why] ?? 0) + 1
        }
      }
    }
    const target = process.env.QUIETANZA_TEST_SUMMARY
    if (target) writeFileSync(target, JSON.stringify({ counts, reasons }))
  }
}
