import type { Writable } from 'node:stream';

/** Resolves once there is room for more. @throws Error when the reader went away */
export async function written(file: Writable, piece: string): Promise<void> {
  if (file.destroyed) throw new Error('the reader went away');
  if (file.write(piece)) return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const gone = () => reject(new Error('the reader went away'));
  file.once('drain', resolve).once('close', gone);
  await promise.finally(() => file.off('drain', resolve).off('close', gone));
}
