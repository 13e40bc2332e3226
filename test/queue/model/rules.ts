// The design's rules for one row, written down anew: what the SQL functions do is compared with these, so nothing here may be taken from them.
import type { SendResult } from '../../../src/database/queue/complete_sends.ts';
import type { State } from './states.ts';
import type { EventKind } from './words.ts';

/** Times of what was heard of a mail, in ms since 1970. */
export interface Evidence {
  delivered: number | null;
  opened: number | null;
  clicked: number | null;
  bounced: number | null;
  bounceIsSoft: boolean;
}

export const noEvidence: Evidence = {
  delivered: null,
  opened: null,
  clicked: null,
  bounced: null,
  bounceIsSoft: true,
};

const places: Partial<Record<EventKind, 'delivered' | 'opened' | 'clicked' | 'bounced'>> = {
  delivered: 'delivered',
  open: 'opened',
  click: 'clicked',
  soft_bounce: 'bounced',
  hard_bounce: 'bounced',
};

/** The first time counts; of bounces, a hard one. */
export function heard(evidence: Evidence, kind: EventKind, at: number): Evidence {
  const place = places[kind];
  if (place === undefined) return evidence;
  const bounceIsSoft = evidence.bounceIsSoft && kind !== 'hard_bounce';
  return { ...evidence, [place]: Math.min(evidence[place] ?? at, at), bounceIsSoft };
}

export function isThere({ delivered, opened, clicked, bounced }: Evidence): boolean {
  return [delivered, opened, clicked, bounced].some((at) => at !== null);
}

/** Whether something was heard of it since then. */
export function isOf({ delivered, opened, clicked, bounced }: Evidence, since: number): boolean {
  return [delivered, opened, clicked, bounced].some((at) => at !== null && at >= since);
}

/** Where a mail that left stands: bounced for good, or as far as it is known to have come; a soft bounce counts until something better came after it. */
export function funnel({ delivered, opened, clicked, bounced, bounceIsSoft }: Evidence): State {
  const arrived = Math.max(...[delivered, opened, clicked].map((at) => at ?? Number.NEGATIVE_INFINITY));
  if (bounced !== null && (!bounceIsSoft || bounced > arrived)) return 'bounced';
  if (clicked !== null) return 'clicked';
  if (opened !== null) return 'opened';
  return delivered === null ? 'sent' : 'delivered';
}

/** Whether evidence moves a row in this state. With a worker, waiting or cancelled it doesn't. */
export function follows(state: State): boolean {
  return !['pending', 'allocated', 'sending', 'cancelled'].includes(state);
}

export interface HandedOver {
  evidence: Evidence;
  handedOverAt: number;
  /** Its recipient complained or unsubscribed since. */
  hasAnswered: boolean;
  deferrals: number;
  /** The provider said by webhook that it had accepted this hand-over, or its recipient answered. */
  wasTold: boolean;
  /** The provider said by webhook that it did not send it. */
  wasGivenUp: boolean;
  /** Its Task's state. */
  task: string;
}

/** Where what could be tried again goes in a Task that sends nothing any more. */
const nothingWaitsIn: Record<string, State> = { cancelled: 'cancelled', completed: 'failed' };

/** Where a row that is sending or uncertain may go by its worker's word. */
export function ends(
  kind: SendResult['kind'],
  { evidence, handedOverAt, hasAnswered, deferrals, wasTold, wasGivenUp, task }: HandedOver,
): State[] {
  if (kind === 'accepted' || (isThere(evidence) && kind === 'unknown')) return [funnel(evidence)];
  // Of an unknown end the provider's own word is enough, or the recipient's.
  if (kind === 'unknown') return [wasTold ? 'sent' : wasGivenUp ? 'failed' : 'uncertain'];
  // Evidence of this hand-over: it left after all.
  if (hasAnswered || isOf(evidence, handedOverAt)) return [funnel(evidence)];
  const refused: State = kind === 'refused' || (kind === 'deferred' && deferrals >= 4) ? 'failed' : 'pending';
  const end = refused === 'pending' ? (nothingWaitsIn[task] ?? 'pending') : refused;
  return [end === 'failed' && isThere(evidence) ? funnel(evidence) : end];
}
