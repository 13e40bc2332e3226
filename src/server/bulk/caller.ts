import type Koa from 'koa';
import { z } from 'zod';
import type { Caller } from '../../database/as_caller.ts';
import { Fault } from '../errors.ts';

const claims = z.object({
  userId: z.string().nullable(),
  isAdmin: z.boolean(),
  tokenRole: z.string().nullable(),
  tokenWorkspaceId: z.string().nullable(),
});

/** Who asks, as the gate before this route found out. @throws Fault AUTHN where it found nobody */
export function callerOf(ctx: Koa.Context): Caller {
  const given = claims.safeParse(ctx.state['claims']);
  if (!given.success) throw new Fault('AUTHN', 'a token is needed: sign in');
  return given.data;
}

/**
 * Once more, for what took long: whose token was revoked meanwhile, or rights changed, gets nothing done.
 * @throws Fault AUTHN
 */
export async function confirmCaller(ctx: Koa.Context, outcome: string): Promise<void> {
  const stillHolds: unknown = ctx.state['stillHolds'];
  if (typeof stillHolds === 'function' && (await stillHolds()) === true) return;
  throw new Fault('AUTHN', `the token is not valid any more: ${outcome}`);
}
