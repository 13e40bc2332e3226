// The provider's outcomes as the database takes them.
import type { SendResult } from '../database/queue/complete_sends.ts';
import type { Outcome } from '../providers/provider.ts';

export function toResult(id: string, outcome: Outcome, roundTripMs: number): SendResult {
  return {
    id,
    kind: outcome.kind,
    messageId: outcome.kind === 'accepted' ? outcome.messageId : null,
    code: outcome.kind === 'accepted' ? null : outcome.code,
    message: outcome.kind === 'accepted' ? null : outcome.message,
    response: outcome.kind === 'accepted' ? outcome.response : null,
    roundTripMs: outcome.kind === 'accepted' ? roundTripMs : null,
    retryAfterMs: outcome.kind === 'deferred' ? outcome.retryAfterMs : null,
  };
}

export function notSent(id: string): SendResult {
  return {
    id,
    kind: 'not_sent',
    messageId: null,
    code: 'not_sent',
    message: 'the worker did not write to the provider',
    response: null,
    roundTripMs: null,
    retryAfterMs: null,
  };
}
