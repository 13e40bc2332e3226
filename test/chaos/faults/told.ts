import { z } from 'zod';
import { columns } from '../../../src/commands/ops/lines.ts';

export const told = z.strictObject({
  found: z.boolean(),
  foundBy: z.array(z.string()),
  healthExit: z.number(),
  /** The text names what it is about, and says what to do. */
  explained: z.boolean(),
  /** At the latest: what was measured, and the time until the crontab comes round where that was not waited for. */
  repairedAfterMs: z.number(),
  measuredMs: z.number(),
  notWaitedForMs: z.number(),
  limitMs: z.number(),
  audited: z.boolean(),
});

export type Told = z.infer<typeof told>;

export function isMet({ found, explained, repairedAfterMs, limitMs, audited }: Told): boolean {
  return found && explained && audited && repairedAfterMs <= limitMs;
}

/** For people. */
export function describe(faults: Readonly<Record<string, Told>>): string {
  const rows = Object.entries(faults).map(([name, one]) => [
    name,
    one.found ? one.foundBy.join(', ') : 'NOT FOUND',
    String(one.healthExit),
    one.explained ? 'yes' : 'NO',
    `${seconds(one.measuredMs)}${one.notWaitedForMs > 0 ? ` + ${seconds(one.notWaitedForMs)}` : ''}`,
    seconds(one.limitMs),
    one.audited ? 'yes' : 'NO',
    isMet(one) ? 'met' : 'NOT MET',
  ]);
  const head = ['fault', 'found by', 'exit', 'explained', 'repaired in', 'limit', 'audited', ''];
  return `${columns([head, ...rows]).join('\n')}\n`;
}

function seconds(ms: number): string {
  return ms < 60_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Number((ms / 60_000).toFixed(1))} min`;
}
