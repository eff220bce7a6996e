import '@fontsource-variable/inter/wght.css'
import '@fontsource/ibm-plex-mono/400.css'
import '@fontsource/ibm-plex-mono/600.css'
import '@mantine/core/styles.css'
import '@mantine/dates/styles.css'
import '@mantine/notifications/styles.css'
import '@mantine/spotlight/styles.css'
import './theme/tokens.css'
import './theme/base.css'
import './theme/mantine.css'
import './theme/frame.css'
import './theme/table.css'
import './theme/parts.css'
import './theme/pages.css'
import './theme/collection.css'
import './theme/emission.css'
import './theme/delivery.css'
import './theme/positions.css'
import './theme/people.css'
import './theme/register.css'
import './theme/tariffs.css'
import 'dayjs/locale/it'
import { MantineProvider } from '@mantine/core'
import { DatesProvider } from '@mantine/dates'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { applyDensity } from './appearance.ts'
import { installKeys } from './keys.ts'
import { queries } from './queries.ts'
import { followRevisions } from './revisions.ts'
import { router } from './router.tsx'
import { cssVariables, theme } from './theme/theme.ts'

installKeys()
applyDensity()
void followRevisions(queries, new AbortController().signal)

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="light">
      <DatesProvider settings={{ locale: 'it', firstDayOfWeek: 1 }}>
        <QueryClientProvider client={queries}>
          <Notifications position="bottom-left" limit={3} containerWidth={420} className="toasts" />
          <RouterProvider router={router} />
        </QueryClientProvider>
      </DatesProvider>
    </MantineProvider>
  </StrictMode>,
)
