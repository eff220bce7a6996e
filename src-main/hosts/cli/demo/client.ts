import type { RouterClient } from '@orpc/server'
import type { router } from '#services/router'

/** The program as the demo uses it: the same procedures as the screen, called in process. */
export type Client = RouterClient<typeof router>
