// The simulator's levers, the same for a caller in its process and for the control API.
import { z } from 'zod';
import { faults, settings } from './options.ts';
import { type Summary, summaryOf } from './summary.ts';
import type { World } from './world.ts';

export interface Controls {
  /** Replaces all faults; `{}` ends them. @throws ZodError when they make no sense. */
  setFaults(input: unknown): void;
  /** Replaces the top-level settings named, such as `outcomes` or `webhooks`. @throws ZodError */
  configure(input: unknown): void;
  summary(intervalMsByAccount?: Readonly<Record<string, number>>): Summary;
  /** Resolves when all webhooks due have been posted or given up. */
  drain(): Promise<void>;
  /** Forgets requests, request ids and pending webhooks; settings stay. */
  reset(): void;
}

const named = z.record(z.string(), z.unknown());

export function controlsOf(world: World): Controls {
  const configure = (input: unknown) => {
    const changes = named.parse(input);
    world.settings = settings.parse({ ...world.settings, ...changes });
    if (Object.hasOwn(changes, 'faults')) world.faults.replace(world.settings.faults);
  };
  return {
    configure,
    setFaults: (input) => configure({ faults: faults.parse(input) }),
    summary: (intervalMsByAccount = {}) => summaryOf(world, intervalMsByAccount),
    drain: () => world.webhooks.drain(),
    reset: () => {
      world.memory.reset();
      world.record.reset();
      world.webhooks.reset();
    },
  };
}
