// What a supervisor and its runners tell each other over IPC.
import { z } from 'zod';

/** From a runner: it is registered under this pool id and takes jobs. */
export const fromRunner = z.object({ type: z.literal('ready'), poolId: z.string() });
export type FromRunner = z.infer<typeof fromRunner>;

/** To a runner: finish what is under way and end. */
export const toRunner = z.object({ type: z.literal('stop') });
export type ToRunner = z.infer<typeof toRunner>;
