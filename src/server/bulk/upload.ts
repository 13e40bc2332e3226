import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable, Transform, type Writable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { unreadable } from '../../bulk/unreadable.ts';
import { Fault } from '../errors.ts';

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
 * @param maxBytes of what is unpacked: a small request may hold a large file
 * @throws Fault BADIN for an encoding we do not know
 */
export function uploaded(request: IncomingMessage, maxBytes: number): Readable {
  if (request.destroyed) throw unreadable('the connection broke before its end');
  const file = bounded(maxBytes);
  const packed = unpacker(request.headers['content-encoding'] ?? 'identity', file);
  const gone = () => request.complete || file.destroy(unreadable('the connection broke before its end'));
  // Once it is whole, silence is the database's, which merges.
  request.setTimeout(silenceMs, () => request.destroy());
  request.once('end', () => request.setTimeout(0));
  request.on('error', gone);
  request.on('close', gone);
  request.pipe(packed);
  return file;
}

/** @returns what takes the request in; what it holds comes out of `file` */
function unpacker(encoding: string, file: Transform): Writable {
  if (encoding === 'identity') return file;
  // An error on the way is the file's as well.
  if (encoding === 'gzip' || encoding === 'x-gzip') return packing(createGunzip(), file);
  throw unreadable(`the content encoding ${encoding} is not known; send it as it is, or as gzip`);
}

function packing(gunzip: Transform, file: Transform): Transform {
  pipeline(gunzip, file, () => {});
  return gunzip;
}

class TooLong extends Fault {
  readonly status = 413;
}

function bounded(maxBytes: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      bytes += piece.length;
      if (bytes <= maxBytes) done(null, piece);
      else done(new TooLong('BADIN', `file: it is longer than ${maxBytes} bytes`));
    },
  });
}

/** Zlib's own errors, as what they say of the file. */
export function explained(error: unknown): unknown {
  const isPacking = error instanceof Error && 'code' in error && /^Z_/.test(String(error.code));
  return isPacking ? unreadable('it is not whole, or no gzip', undefined, { cause: error }) : error;
}
