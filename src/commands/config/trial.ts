import { z } from 'zod';

/** ok; warning: it works, and should be looked at; failed: it can not work; skipped: it could not be tried. */
export const trialStates = ['ok', 'skipped', 'warning', 'failed'] as const;

/** One thing that was tried with the configuration. */
export const trial = z.strictObject({
  name: z.string(),
  state: z.enum(trialStates),
  says: z.string(),
  /** What to do; empty: nothing. */
  remedy: z.string(),
});

export type Trial = z.infer<typeof trial>;

export function ok(name: string, says: string): Trial {
  return { name, state: 'ok', says, remedy: '' };
}

export function skipped(name: string, says: string): Trial {
  return { name, state: 'skipped', says, remedy: '' };
}

export function warning(name: string, says: string, remedy: string): Trial {
  return { name, state: 'warning', says, remedy };
}

export function failed(name: string, says: string, remedy: string): Trial {
  return { name, state: 'failed', says, remedy };
}
