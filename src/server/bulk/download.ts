import { PassThrough } from 'node:stream';
import type Koa from 'koa';
import { written } from '../../bulk/written.ts';

/**
 * Answers with a file while it is being made. What goes wrong before its first piece is thrown; what goes wrong later breaks the connection, so
 * that nobody takes half a file for a whole one.
 * @param make calls `write` for each piece, and waits for it
 */
export async function download(
  ctx: Koa.Context,
  name: string,
  make: (write: (piece: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  const file = new PassThrough();
  const begun = Promise.withResolvers<void>();
  const write = async (piece: string) => {
    begun.resolve();
    await written(file, piece);
  };
  make(write).then(
    () => file.end(),
    (error: Error) => {
      begun.reject(error);
      if (ctx.headerSent) ctx.res.destroy(error);
      file.destroy();
    },
  );
  await begun.promise;
  ctx.attachment(name);
  ctx.type = 'text/csv; charset=utf-8';
  ctx.body = file;
}
