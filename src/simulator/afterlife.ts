// What becomes of an accepted mail: which events follow, when, and in which order. Pure: chance is drawn from the seed.
import { draw, drawWithin } from './draw.ts';
import type { Entry, Fate } from './entry.ts';
import type { Settings } from './options.ts';

export type EventKind =
  | 'sent'
  | 'delivered'
  | 'invalid_email'
  | 'soft_bounce'
  | 'open'
  | 'click'
  | 'unsubscribe'
  | 'report_spam';

export interface Step {
  readonly kind: EventKind;
  /** When it happens, and when it is told, in milliseconds after acceptance. */
  readonly atMs: number;
  readonly tellAtMs: number;
}

const BOUNCES = { hard_bounce: 'invalid_email', soft_bounce: 'soft_bounce' } as const;

/** By recipient alone: an address that bounces does so in every campaign. */
export function fateOf(recipient: string, settings: Settings, seed: number): Fate {
  const { hardBounce, softBounce, noEvent } = settings.outcomes;
  const point = draw(seed, 'fate', recipient);
  if (point < hardBounce) return 'hard_bounce';
  if (point < hardBounce + softBounce) return 'soft_bounce';
  return point < hardBounce + softBounce + noEvent ? 'no_event' : 'delivered';
}

export function stepsOf(entry: Entry, settings: Settings, seed: number): Step[] {
  const chance = (word: string) => draw(seed, word, entry.recipient ?? '', entry.campaign ?? '');
  let at = 0;
  const steps = kindsOf(entry.fate, settings, chance).map((kind) => {
    at += drawWithin(settings.webhooks.delayMs, seed, 'delay', kind, entry.recipient ?? '');
    return { kind, atMs: at, tellAtMs: at };
  });
  return settings.webhooks.shuffle ? shuffled(steps, chance) : steps;
}

function kindsOf(fate: Fate, settings: Settings, chance: (word: string) => number): EventKind[] {
  if (fate === 'hard_bounce' || fate === 'soft_bounce') return ['sent', BOUNCES[fate]];
  return fate === 'delivered' ? ['sent', 'delivered', ...reactions(settings, chance)] : [];
}

function reactions(settings: Settings, chance: (word: string) => number): EventKind[] {
  const { opens, clicks, unsubscribes, complaints } = settings.recipients;
  const opened = chance('open') < opens;
  return [
    ...(opened ? (['open'] as const) : []),
    ...(opened && chance('click') < clicks ? (['click'] as const) : []),
    ...(chance('unsubscribe') < unsubscribes ? (['unsubscribe'] as const) : []),
    ...(chance('complaint') < complaints ? (['report_spam'] as const) : []),
  ];
}

/** The same events at the same times, told in another order. */
function shuffled(steps: Step[], chance: (word: string) => number): Step[] {
  const order = steps.toSorted((a, b) => chance(`order ${a.kind}`) - chance(`order ${b.kind}`));
  return order.map((step, i) => ({ ...step, tellAtMs: steps[i]?.tellAtMs ?? step.tellAtMs }));
}
