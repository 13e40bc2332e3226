// Loops of rated services without a worker, by SQL alone, every mail accepted: each turn settles the mails of the turn before and begins the next.
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { type ClaimResult, completeClaims } from '../../src/database/queue/complete_claims.ts';
import type { SendResult } from '../../src/database/queue/complete_sends.ts';
import { exchangeMails } from '../../src/database/queue/exchange_mails.ts';
import { takeLoop } from '../../src/database/queue/take_loop.ts';
import { ClaimHint } from '../../src/worker/claim_hint.ts';
import { Frontier } from '../../src/worker/frontier.ts';
import { aService } from '../../test/support/scene.ts';

export interface Loop {
  readonly serviceId: string;
  readonly loopToken: string;
  /** Kept as long as the loop lives: one that begins anew looks from the beginning. */
  readonly hint: ClaimHint;
}

/** Of one process. */
export function someLoops(pool: pg.Pool, count: number): Promise<Loop[]> {
  const frontier = new Frontier();
  return Promise.all(Array.from({ length: count }, () => aLoop(pool, frontier)));
}

export async function aLoop(pool: pg.Pool, frontier = new Frontier()): Promise<Loop> {
  const serviceId = await aService(pool, { intervalMs: 0, maxInFlight: 1_000 });
  // Nothing is claimed while a backlog is inserted, however long that takes.
  await pool.query(`update app_public.email_services set lease_ms = 3600000 where id = $1`, [serviceId]);
  const loopToken = await takeLoop(pool, serviceId, 'bench');
  if (loopToken === null) throw new Error('the loop is taken');
  return { serviceId, loopToken, hint: new ClaimHint(frontier) };
}

/** Mails a second that the loops take from pending to sent, each by a client of its own. @throws Error when there were none to take. */
export async function mailsPerSecond(pool: pg.Pool, loops: Loop[], batch: number, seconds: number): Promise<number> {
  const startedAt = performance.now();
  const until = startedAt + seconds * 1_000;
  const counts = await Promise.all(loops.map((loop) => sendUntil(pool, loop, batch, until)));
  const sent = counts.reduce((sum, count) => sum + count, 0);
  if (sent === 0) throw new Error('the backlog was too small: nothing was left to send');
  return (sent / (performance.now() - startedAt)) * 1_000;
}

async function sendUntil(pool: pg.Pool, loop: Loop, batch: number, until: number): Promise<number> {
  const client = await pool.connect();
  const { serviceId, loopToken, hint } = loop;
  let sent = 0;
  let results: ClaimResult[] = [];
  try {
    while (performance.now() < until) {
      const claimToken = randomUUID();
      const wanted = { serviceId, loopToken, claimToken, limit: batch, hint: hint.take(batch) };
      const { handout } = await exchangeMails(client, wanted, results);
      sent += results.length;
      results = [];
      hint.note(handout);
      if (handout.outcome === 'no_work') break;
      if (handout.outcome === 'busy' || handout.outcome === 'more') continue;
      if (handout.outcome !== 'claimed') throw new Error(`nothing was claimed: ${handout.outcome}`);
      results = handout.mails.map(({ id }) => ({ ...accepted(id), claimToken }));
    }
    await completeClaims(client, serviceId, results);
    sent += results.length;
  } finally {
    client.release();
  }
  return sent;
}

export function accepted(id: string): SendResult {
  return {
    id,
    kind: 'accepted',
    messageId: id,
    code: null,
    message: null,
    response: 'ok',
    roundTripMs: 1,
    retryAfterMs: null,
  };
}
