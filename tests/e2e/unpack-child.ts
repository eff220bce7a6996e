// Unpacks the bundled Chromium into this process's temporary folder (see browser.ts).
import chromium from '@sparticuz/chromium'

await chromium.executablePath()
