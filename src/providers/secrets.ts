// Secrets that a service repeats to us are not kept.
import type { Outcome } from './provider.ts';

/** Shorter ones can't be told from ordinary text; no real key is that short. */
const MIN_SECRET_LENGTH = 8;

/** The outcome with each secret blotted out, save in the message id: that must match what webhooks name. */
export function withoutSecrets(outcome: Outcome, secrets: readonly string[]): Outcome {
  if (outcome.kind === 'accepted') return { ...outcome, response: redacted(outcome.response, secrets) };
  return { ...outcome, message: redacted(outcome.message, secrets) };
}

/** The text with each secret blotted out. */
export function redacted(text: string, secrets: readonly string[]): string {
  const telling = secrets.filter((secret) => secret.length >= MIN_SECRET_LENGTH);
  return telling.reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text);
}
