import type { IncomingMessage } from 'node:http';
import getRawBody from 'raw-body';

/** A body that can not be taken; the message is for whoever sent it. */
export class BodyUnusable extends Error {
  override name = 'BodyUnusable';
  readonly status: 400 | 413;

  constructor(status: 400 | 413, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/**
 * The bytes as they came. Not one more than the limit is kept: what is too long is given up where it becomes so, or before it begins when
 * its length is announced.
 * @throws BodyUnusable
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  try {
    return await getRawBody(request, { limit: maxBytes, length: request.headers['content-length'] ?? null });
  } catch (cause) {
    const isTooLong = cause instanceof Error && 'status' in cause && cause.status === 413;
    if (isTooLong) throw new BodyUnusable(413, `the body is larger than ${maxBytes} bytes`, { cause });
    throw new BodyUnusable(400, 'the body could not be read', { cause });
  }
}
