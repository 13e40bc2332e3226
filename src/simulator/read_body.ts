// A request's body, read whole.
import type { IncomingMessage } from 'node:http';

/** EngageLab's limit for a whole mail. */
const MAX_BYTES = 70 * 1024 * 1024;

/**
 * @returns the parsed JSON; undefined when it is none or too long.
 * @throws when the connection breaks before the body has arrived.
 */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= MAX_BYTES) chunks.push(chunk);
  }
  return size > MAX_BYTES ? undefined : jsonOf(Buffer.concat(chunks).toString('utf8'));
}

/** Undefined when it is not JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
