// What is kept of a request's headers: nothing that opens a door.
import type { WebhookRequest } from '../../providers/webhook_source.ts';

export type KeptHeaders = Record<string, string | readonly string[]>;

/** A provider lets its customers choose the header that holds a password of theirs, so its name is judged by what it says. */
const tellsSecrets =
  /(^|[-_])(cookie2?|auth|authorization|authentication|password|passwd|secret|token|api[-_]?key|access[-_]?key)($|[-_])/;

const maxKept = 30;
const maxText = 200;
const maxTotal = 2_000;

/**
 * Everything but secrets.
 * @param pathSecret of the path; proxies repeat the path in headers of their own
 */
export function withoutSecrets(headers: WebhookRequest['headers'], pathSecret: string | null): KeptHeaders {
  const kept = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || tellsSecrets.test(name) || holds(value, pathSecret) ? [] : [[name, value] as const],
  );
  return Object.fromEntries(kept);
}

/** As many as 2 KB hold, each as one short text. */
export function clipped(headers: KeptHeaders): Record<string, string> {
  const short: Record<string, string> = {};
  let room = maxTotal;
  for (const [name, value] of Object.entries(headers).slice(0, maxKept)) {
    const text = String(value).slice(0, maxText);
    room -= Buffer.byteLength(name) + Buffer.byteLength(text);
    if (room < 0) break;
    short[name] = text;
  }
  return short;
}

function holds(value: string | readonly string[], pathSecret: string | null): boolean {
  return pathSecret !== null && String(value).includes(pathSecret);
}
