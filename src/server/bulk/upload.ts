import type { IncomingMessage } from 'node:http';
import { PassThrough, type Readable, type Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { unreadable } from '../../bulk/unreadable.ts';

/** Whoever sends nothing for so long has gone, and holds a transaction. */
const silenceMs = 60_000;

/** Anything else that reads one of these is not to take as long as a file may. */
const paths: ReadonlySet<string> = new Set(['/api/contacts/import', '/api/suppressions/import']);

export function isUpload({ method, url = '' }: IncomingMessage): boolean {
  return method === 'POST' && paths.has(url.replace(/\?.*$/s, ''));
}

/**
 * The file in a request, unpacked. It ends in an error when the client goes away before its end. The request itself is left alone when
 * something breaks behind it: it is still to be answered.
 * @throws Fault BADIN for an encoding we do not know
 */
export function uploaded(request: IncomingMessage): Readable {
  if (request.destroyed) throw unreadable('the connection broke before its end');
  const file = unpacker(request.headers['content-encoding'] ?? 'identity');
  const gone = () => request.complete || file.destroy(unreadable('the connection broke before its end'));
  // Once it is whole, silence is the database's, which merges.
  request.setTimeout(silenceMs, () => request.destroy());
  request.once('end', () => request.setTimeout(0));
  request.on('error', gone);
  request.on('close', gone);
  return request.pipe(file);
}

function unpacker(encoding: string): Transform {
  if (encoding === 'identity') return new PassThrough();
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip();
  throw unreadable(`the content encoding ${encoding} is not known; send it as it is, or as gzip`);
}

/** Zlib's own errors, as what they say of the file. */
export function explained(error: unknown): unknown {
  const isPacking = error instanceof Error && 'code' in error && /^Z_/.test(String(error.code));
  return isPacking ? unreadable('it is not whole, or no gzip', undefined, { cause: error }) : error;
}
