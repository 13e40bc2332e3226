// GET /v1/email_status and GET /v1/account/quota.
import type { RouteHandler, RouterContext } from 'koa-router';
import type { Entry, Fate } from './entry.ts';
import { AUTHENTICATION_FAILED, loginOf } from './login.ts';
import { emailIdOf } from './message.ts';
import type { World } from './world.ts';

const BEIJING_AHEAD_MS = 8 * 3_600_000;
const MAX_LIMIT = 100;
const MINUTE_MS = 60_000;

/** status, status_desc, sub_status, sub_status_desc. */
const STATUSES: Readonly<Record<Fate, readonly [number, string, number, string]>> = {
  none: [18, 'sending', 0, ''],
  no_event: [18, 'sending', 0, ''],
  delivered: [1, 'delivered', 0, ''],
  soft_bounce: [5, 'soft bounce', 509, 'other'],
  hard_bounce: [4, 'invalid', 406, 'does not exist'],
};

/** Runs a handler for the account that is logged in, answers 401 otherwise. */
function forAccount(world: World, handler: (ctx: RouterContext, apiUser: string) => void): RouteHandler {
  return (ctx) => {
    const login = loginOf(ctx.get('authorization'), world.settings.accounts);
    if (login.valid && login.apiUser !== null) return handler(ctx, login.apiUser);
    ctx.status = 401;
    ctx.body = AUTHENTICATION_FAILED;
  };
}

export function quotaRoute(world: World): RouteHandler {
  return forAccount(world, (ctx, apiUser) => {
    const used = [...mailsOf(world, apiUser, beijingDate(Date.now()))].length;
    const { accountQuota, dailyQuota } = world.settings;
    ctx.body = { result: { account_quota: accountQuota, daily_quota: dailyQuota, daily_quota_used: used } };
  });
}

export function statusRoute(world: World): RouteHandler {
  const calls = new Map<string, number[]>();
  const kept = new Map<string, { at: number; body: unknown }>();
  return forAccount(world, (ctx, apiUser) => {
    if (!mayCall(calls, apiUser, world.settings.statusCallsPerMinute)) return tooMany(ctx);
    const date = one(ctx.query['send_date']);
    if (!/^\d{4}-\d\d-\d\d$/.test(date)) return missingDate(ctx);
    const question = `${apiUser} ${ctx.querystring}`;
    const earlier = kept.get(question);
    const isFresh = earlier !== undefined && performance.now() - earlier.at < world.settings.statusCacheMs;
    ctx.body = isFresh ? earlier.body : listing(world, ctx, apiUser, date);
    if (!isFresh) kept.set(question, { at: performance.now(), body: ctx.body });
  });
}

function listing(world: World, ctx: RouterContext, apiUser: string, date: string) {
  const asked = one(ctx.query['email_ids']).split(';').filter(Boolean);
  const found = [...mailsOf(world, apiUser, date)].filter(
    (mail) => asked.length === 0 || asked.includes(emailIdOf(mail)),
  );
  const offset = Number(one(ctx.query['offset'])) || 0;
  const limit = Math.min(Number(one(ctx.query['limit'])) || MAX_LIMIT, MAX_LIMIT);
  const result = found.slice(offset, offset + limit).map(statusOf);
  return { result, total: String(found.length), count: result.length };
}

function mayCall(calls: Map<string, number[]>, apiUser: string, perMinute: number): boolean {
  const now = performance.now();
  const recent = (calls.get(apiUser) ?? []).filter((at) => at > now - MINUTE_MS);
  calls.set(apiUser, [...recent, now]);
  return recent.length < perMinute;
}

function tooMany(ctx: RouterContext): void {
  ctx.status = 429;
  ctx.body = { code: 429, message: 'Too many requests' };
}

function missingDate(ctx: RouterContext): void {
  ctx.status = 400;
  ctx.body = { code: 30_899, message: 'send_date must be yyyy-MM-dd' };
}

function* mailsOf(world: World, apiUser: string, date: string): Generator<Entry> {
  for (const entry of world.record.entries()) {
    const isTheirs = entry.outcome === 'accepted' && entry.account === apiUser;
    if (isTheirs && beijingDate(entry.wallAt) === date) yield entry;
  }
}

function statusOf(entry: Entry) {
  const [status, statusDesc, subStatus, subStatusDesc] = STATUSES[entry.fate];
  return {
    email: entry.recipient,
    email_id: emailIdOf(entry),
    api_user: entry.account,
    status,
    status_desc: statusDesc,
    sub_status: subStatus,
    sub_status_desc: subStatusDesc,
    request_time: new Date(entry.wallAt).toISOString(),
    update_time: new Date(entry.wallAt).toISOString(),
    response_message: statusDesc,
  };
}

function beijingDate(wallAt: number): string {
  return new Date(wallAt + BEIJING_AHEAD_MS).toISOString().slice(0, 10);
}

function one(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? '';
}
