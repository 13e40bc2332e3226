// What a supervisor and its runners tell each other over IPC.
import { z } from 'zod';
import { families } from '../metrics/families.ts';

/** From a runner: it is registered under this pool id and takes jobs; what it measures, as it was asked. */
export const fromRunner = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), poolId: z.string() }),
  z.object({ type: z.literal('metrics'), families }),
]);
export type FromRunner = z.infer<typeof fromRunner>;

/** To a runner: finish what is under way and end; say what was measured. */
export const toRunner = z.object({ type: z.enum(['stop', 'metrics']) });
export type ToRunner = z.infer<typeof toRunner>;
