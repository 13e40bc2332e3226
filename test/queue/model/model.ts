// The queue as it should be, in memory: it is told the same steps, and must come to the same states.
import assert from 'node:assert/strict';
import type { Claim } from '../../../src/database/queue/claim_sub_tasks.ts';
import type { Seen } from './observe.ts';
import type { Answer } from './perform.ts';
import { type Evidence, ends, follows, funnel, heard, isOf, isThere, noEvidence } from './rules.ts';
import type { State } from './states.ts';
import { type PlainStep, type PoolName, type ServiceName, type Step, serviceNames } from './step.ts';
import { type EventKind, eventKinds } from './words.ts';
import { type Memory, pacedIntervalMs, quotas, type Scene, slots } from './world.ts';

interface Mail {
  id: string;
  state: State;
  service: ServiceName | null;
  token: string | null;
  pool: PoolName | null;
  availableAt: number;
  leaseExpiresAt: number;
  handedOverAt: number | null;
  uncertainAt: number;
  /** The day whose quota it was counted for. */
  quotaDay: string | null;
  deferrals: number;
  evidence: Evidence;
  /** When the provider said by webhook that it had accepted it, or deferred it. */
  told: number[];
  /** When the provider said by webhook that it did not send it. */
  gaveUp: number[];
  /** It failed by that alone: a better word takes it back. */
  isGivenUp: boolean;
  /** When its recipient complained or unsubscribed: it arrived. */
  answered: number[];
  isSuppressed: boolean;
}

interface Service {
  isEnabled: boolean;
  isStopped: boolean;
  loopToken: string | null;
  loopPool: PoolName | null;
  loopExpiresAt: number;
  frozenUntil: number;
  freezeCount: number;
  used: number;
  quotaDay: string;
  /** When its last hand-over was settled; the pace counts from here. */
  lastEndAt: number;
}

export interface Model {
  task: string;
  mails: Mail[];
  services: Record<ServiceName, Service>;
  keys: Set<string>;
  jobs: Set<string>;
}

const graceMs = 72 * 3_600_000;
const claimEarlyMs = 250;
const beginEarlyMs = 200;

export function aModel(scene: Scene, seen: Seen): Model {
  const service = (): Service => ({
    isEnabled: true,
    isStopped: false,
    loopToken: null,
    loopPool: null,
    loopExpiresAt: Number.NEGATIVE_INFINITY,
    frozenUntil: Number.NEGATIVE_INFINITY,
    freezeCount: 0,
    used: 0,
    quotaDay: '',
    lastEndAt: Number.NEGATIVE_INFINITY,
  });
  const mails = scene.mails.map(
    (id): Mail => ({
      id,
      state: 'pending',
      service: null,
      token: null,
      pool: null,
      availableAt: Number.NEGATIVE_INFINITY,
      leaseExpiresAt: Number.NEGATIVE_INFINITY,
      handedOverAt: null,
      uncertainAt: Number.NEGATIVE_INFINITY,
      quotaDay: null,
      deferrals: 0,
      evidence: noEvidence,
      told: [],
      gaveUp: [],
      isGivenUp: false,
      answered: [],
      isSuppressed: false,
    }),
  );
  return {
    task: seen.task.status,
    mails,
    services: { paced: service(), rated: service() },
    keys: new Set(),
    jobs: new Set(),
  };
}

/** What was seen after a step. `at` is a moment within it: the database reads its clock once or twice on the way. */
interface Occasion {
  answer: Answer;
  at: number;
  after: Seen;
  scene: Scene;
}

/**
 * The model after a step that came to `answer`.
 * @throws AssertionError when the queue did what it should not have.
 */
export function next(model: Model, step: Step, before: Seen, after: Seen, scene: Scene, answer: Answer): Model {
  const outcomes = [after.now, before.now].map((at) => attempt(model, step, { answer, at, after, scene }));
  const [first] = outcomes;
  const fitting = outcomes.find((outcome) => !(outcome instanceof Error));
  if (fitting !== undefined && !(fitting instanceof Error)) return fitting;
  throw first;
}

function attempt(model: Model, step: Step, occasion: Occasion): Model | Error {
  const copy = structuredClone(model);
  try {
    const isRefused = new Moves(copy, occasion).take(step);
    assert.equal(occasion.answer.refusal, isRefused ? 'TRANS' : undefined, 'refused with TRANS, or not');
    compare(copy, occasion);
    return copy;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}

/** The states and the quota must agree; times, which only the database knows exactly, are taken over from it. */
function compare(model: Model, { after, scene }: Occasion): void {
  assert.equal(after.task.status, model.task, 'the Task');
  assert.deepEqual(
    after.mails.map(({ status }) => status),
    model.mails.map(({ state }) => state),
    'the SubTasks',
  );
  for (const [number, mail] of model.mails.entries()) {
    const row = after.mails[number];
    assert.ok(row !== undefined && row.id === mail.id);
    mail.availableAt = row.availableAt;
    mail.leaseExpiresAt = row.leaseExpiresAt ?? Number.NEGATIVE_INFINITY;
    mail.handedOverAt = row.handedOverAt;
    mail.uncertainAt = row.uncertainAt ?? Number.NEGATIVE_INFINITY;
  }
  for (const name of serviceNames) {
    const service = model.services[name];
    const row = after.services.find(({ id }) => id === scene.services[name]);
    assert.ok(row !== undefined);
    assert.equal(row.usedQuota, service.used, `used quota of ${name}`);
    assert.equal(row.quotaDay, service.quotaDay, `quota day of ${name}`);
    service.frozenUntil = row.frozenUntil;
    service.freezeCount = row.freezeCount;
    service.loopExpiresAt = row.loopExpiresAt;
  }
}

class Moves {
  readonly #model: Model;
  readonly #occasion: Occasion;

  constructor(model: Model, occasion: Occasion) {
    this.#model = model;
    this.#occasion = occasion;
  }

  /** @returns whether the step must have been refused with TRANS. */
  take(step: Step): boolean {
    const { answer } = this.#occasion;
    switch (step.do) {
      case 'claim':
        this.#claim(step);
        return false;
      case 'begin':
        this.#begin(given(answer.memory));
        return false;
      case 'complete':
        this.#complete(given(answer.memory), step);
        return false;
      case 'giveBack': {
        const { token, ids } = given(answer.memory);
        this.#giveBack((mail) => ids.includes(mail.id) && mail.token === token);
        return false;
      }
      case 'endLoop': {
        const service = this.#model.services[step.service];
        if (service.loopToken !== given(answer.memory).token) return false;
        this.#endLoop(service);
        this.#giveBack((mail) => mail.service === step.service);
        return false;
      }
      case 'time':
        return false;
      case 'release':
        this.#release(step.pool, step.isDead);
        return false;
      case 'events':
        this.#hear(given(answer.events));
        return false;
      case 'settle':
        return this.#settle(step);
      case 'enable':
        this.#model.services[step.service].isEnabled = step.isEnabled;
        return false;
      default:
        return this.#plain(step.do);
    }
  }

  #plain(step: PlainStep): boolean {
    const { mails, services, jobs } = this.#model;
    switch (step) {
      case 'reap':
        this.#settleLeases((mail) => mail.leaseExpiresAt <= this.#occasion.at);
        return false;
      case 'pause':
        if (!this.#goTo('paused', ['queued', 'sending', 'paused'])) return true;
        this.#giveBack(() => true);
        return false;
      case 'resume':
        return !this.#resume();
      case 'cancel':
        if (!this.#goTo('cancelled', ['queued', 'sending', 'paused', 'cancelled'])) return true;
        this.#giveBack(() => true);
        jobs.add('cancel');
        return false;
      case 'retryFailed':
        return !this.#again('retry_failed');
      case 'resendUncertain':
        return !this.#again('resend_uncertain');
      case 'change':
        this.#change();
        return false;
      case 'stop':
      case 'start':
        for (const name of serviceNames) services[name].isStopped = step === 'stop';
        if (step === 'stop') this.#giveBack(() => true);
        return false;
      case 'completeTasks':
        if (!mails.some((mail) => this.#isOpen(mail))) this.#goTo('completed', ['queued', 'sending']);
        return false;
      case 'markSending':
        this.#goTo('sending', ['queued']);
        return false;
      case 'fold':
      case 'prune':
        return false;
    }
  }

  #goTo(state: string, from: string[]): boolean {
    const may = from.includes(this.#model.task);
    if (may) this.#model.task = state;
    return may;
  }

  #isOpen({ state, uncertainAt }: Mail): boolean {
    if (state === 'uncertain') return uncertainAt > this.#occasion.at - graceMs;
    return ['pending', 'allocated', 'sending'].includes(state);
  }

  /** A Task that has begun to send goes on sending. */
  #resume(): boolean {
    const hasBegun = this.#model.mails.some(({ handedOverAt }) => handedOverAt !== null);
    return ['queued', 'sending'].includes(this.#model.task) || this.#goTo(hasBegun ? 'sending' : 'queued', ['paused']);
  }

  #again(job: string): boolean {
    if (this.#model.task === 'cancelled') return false;
    this.#goTo('sending', ['completed']);
    this.#model.jobs.add(job);
    return true;
  }

  #change(): void {
    const { jobs, mails } = this.#model;
    if (this.#model.task === 'cancelled') {
      for (const mail of mails.filter(({ state }) => state === 'pending')) mail.state = 'cancelled';
    } else {
      if (jobs.has('retry_failed')) this.#sendAgain('failed');
      if (jobs.has('resend_uncertain')) this.#sendAgain('uncertain');
    }
    jobs.clear();
  }

  /** A Task that was completed before its job came by is open again. */
  #sendAgain(from: State): void {
    for (const mail of this.#model.mails.filter(({ state }) => state === from)) {
      Object.assign(mail, { state: 'pending', service: null, token: null, quotaDay: null, deferrals: 0 });
      this.#goTo('sending', ['completed']);
    }
  }

  #endLoop(service: Service): void {
    Object.assign(service, { loopToken: null, loopPool: null });
  }

  /** What was claimed, and is not begun. In a cancelled Task every way back to pending ends in cancelled. */
  #giveBack(which: (mail: Mail) => boolean): void {
    for (const mail of this.#model.mails.filter((mail) => mail.state === 'allocated' && which(mail))) {
      this.#returnQuota(mail);
      mail.state = this.#model.task === 'cancelled' ? 'cancelled' : 'pending';
      Object.assign(mail, { service: null, token: null, pool: null, quotaDay: null });
      mail.availableAt = Number.NEGATIVE_INFINITY;
    }
  }

  #returnQuota(mail: Mail): void {
    const service = this.#serviceOf(mail);
    if (mail.quotaDay === service.quotaDay) service.used -= 1;
  }

  #serviceOf(mail: Mail): Service {
    assert.ok(mail.service !== null);
    return this.#model.services[mail.service];
  }

  #settleLeases(which: (mail: Mail) => boolean): void {
    this.#giveBack(which);
    for (const mail of this.#model.mails.filter((mail) => mail.state === 'sending' && which(mail))) {
      mail.state = 'uncertain';
      this.#ended(mail.service);
      if (isThere(mail.evidence)) mail.state = funnel(mail.evidence);
      else this.#followWords(mail);
    }
  }

  #ended(name: ServiceName | null): void {
    if (name !== 'paced') return;
    const service = this.#model.services[name];
    service.lastEndAt = this.#occasion.at;
    service.frozenUntil = Math.max(service.frozenUntil, this.#occasion.at + pacedIntervalMs);
  }

  #release(pool: PoolName, isDead: boolean): void {
    for (const name of serviceNames) {
      const service = this.#model.services[name];
      if (service.loopPool === pool) this.#endLoop(service);
    }
    if (isDead) this.#settleLeases((mail) => mail.pool === pool);
  }

  #claim({ service: name, pool, limit }: Extract<Step, { do: 'claim' }>): void {
    const { answer, at } = this.#occasion;
    const service = this.#model.services[name];
    const isLive = service.loopToken !== null && service.loopExpiresAt > at;
    assert.equal(answer.tookLoop, !isLive, 'a loop is taken when none is alive');
    const token = answer.memory?.token ?? null;
    if (!isLive) {
      this.#giveBack((mail) => mail.service === name);
      Object.assign(service, { loopToken: token, loopPool: pool });
    }
    if (answer.claim === null) return;
    const claim = given(answer.claim);
    if (token !== service.loopToken) {
      assert.equal(claim.outcome, 'lost');
      return;
    }
    const outcome = this.#whyNot(name);
    const isExpired = (mail: Mail) => mail.service === name && isHeld(mail.state) && mail.leaseExpiresAt <= at;
    // Expired leases are looked for only where they hold something up.
    if (outcome === 'full' && this.#model.mails.some(isExpired)) {
      assert.equal(claim.outcome, 'more');
      this.#settleLeases(isExpired);
      return;
    }
    if (outcome !== null) assert.equal(claim.outcome, outcome);
    else if (claim.outcome === 'wait') this.#assertFewFor(name);
    else this.#allocate(name, limit, claim);
  }

  #whyNot(name: ServiceName): Claim['outcome'] | null {
    const { at } = this.#occasion;
    const service = this.#model.services[name];
    if (!service.isEnabled || service.isStopped) return 'disabled';
    if (service.frozenUntil > at + claimEarlyMs) return 'frozen';
    if (this.#slotsLeft(name) <= 0) return 'full';
    // After a fault one mail goes ahead.
    if (service.freezeCount > 0 && this.#inFlight(name) > 0) return 'full';
    if (this.#quotaLeft(name) <= 0) return this.#inFlight(name) > 0 ? 'full' : 'exhausted';
    const mayGo = ['queued', 'sending'].includes(this.#model.task) && this.#waiting().length > 0;
    return mayGo ? null : 'no_work';
  }

  /** Who is better is not modelled (test/queue/preference.test.ts is about that), only that others are free for all that waits. */
  #assertFewFor(name: ServiceName): void {
    const free = serviceNames.filter((other) => other !== name && this.#whyNot(other) === null);
    assert.ok(this.#waiting().length <= free.length, 'mails were left to services that are not free for them');
  }

  #inFlight(name: ServiceName): number {
    return this.#model.mails.filter(({ service, state }) => service === name && isHeld(state)).length;
  }

  #slotsLeft(name: ServiceName): number {
    return slots[name] - this.#inFlight(name);
  }

  #quotaLeft(name: ServiceName): number {
    const { quotaDay, used } = this.#model.services[name];
    return this.#today(name) > quotaDay ? quotas[name] : quotas[name] - used;
  }

  /** It never goes back. */
  #today(name: ServiceName): string {
    const today = new Date(this.#occasion.at).toISOString().slice(0, 10);
    const { quotaDay } = this.#model.services[name];
    return today > quotaDay ? today : quotaDay;
  }

  /** In the order of the queue; rows are numbered by their position. */
  #waiting(): Mail[] {
    const due = this.#model.mails.filter(
      ({ state, availableAt }) => state === 'pending' && availableAt <= this.#occasion.at,
    );
    return due.sort((a, b) => (a.availableAt === b.availableAt ? 0 : a.availableAt - b.availableAt));
  }

  #allocate(name: ServiceName, limit: number, claim: Claim): void {
    const service = this.#model.services[name];
    const probes = service.freezeCount > 0 ? 1 : Number.POSITIVE_INFINITY;
    const count = Math.min(limit, this.#slotsLeft(name), this.#quotaLeft(name), probes);
    const chosen = this.#waiting().slice(0, count);
    for (const mail of chosen.filter(({ isSuppressed }) => isSuppressed)) mail.state = 'cancelled';
    const claimed = chosen.filter(({ isSuppressed }) => !isSuppressed);
    assert.equal(claim.outcome, claimed.length > 0 ? 'claimed' : 'more');
    const quotaDay = this.#today(name);
    service.used = (service.quotaDay === quotaDay ? service.used : 0) + claimed.length;
    service.quotaDay = quotaDay;
    if (claim.outcome !== 'claimed') return;
    assert.deepEqual(
      claim.subTaskIds,
      claimed.map(({ id }) => id),
      'the first ones in the queue',
    );
    for (const mail of claimed)
      Object.assign(mail, {
        state: 'allocated',
        service: name,
        token: claim.claimToken,
        pool: service.loopPool,
        quotaDay,
      });
  }

  #begin({ token, ids }: Memory): void {
    const { answer, at } = this.#occasion;
    const refusals = new Map(answer.begun?.refused.map(({ id, refusal }) => [id, refusal]));
    for (const mail of this.#byId(ids)) {
      const refusal = this.#whyNotBegin(mail, token);
      assert.equal(refusals.get(mail.id) ?? null, refusal, 'why it must not be handed over');
      if (refusal !== null) continue;
      mail.state = 'sending';
      if (mail.service === 'paced') {
        const gap = at + beginEarlyMs - this.#model.services.paced.lastEndAt;
        assert.ok(gap >= pacedIntervalMs, `the interval was undercut: ${gap} ms`);
      }
    }
  }

  #whyNotBegin(mail: Mail, token: string): string | null {
    if (mail.state !== 'allocated' || mail.token !== token) return 'LEASE';
    const service = this.#serviceOf(mail);
    if (!['queued', 'sending'].includes(this.#model.task) || !service.isEnabled || service.isStopped) return 'HALTD';
    if (service.frozenUntil > this.#occasion.at + beginEarlyMs) return 'FROZN';
    return mail.isSuppressed ? 'SUPPR' : null;
  }

  #complete({ service: name, token, ids }: Memory, { kinds }: Extract<Step, { do: 'complete' }>): void {
    const late: string[] = [];
    for (const [number, id] of ids.entries()) {
      const [mail] = this.#byId([id]);
      const kind = kinds[number % kinds.length] ?? 'accepted';
      if (mail === undefined || mail.service !== name || mail.token !== token || !isBegun(mail.state)) {
        late.push(id);
        continue;
      }
      this.#end(mail, kind);
    }
    assert.deepEqual([...(this.#occasion.answer.late ?? [])].sort(), late.sort(), 'words that came too late');
  }

  #end(mail: Mail, kind: Parameters<typeof ends>[0]): void {
    if (kind !== 'not_sent') this.#ended(mail.service);
    const handedOverAt = mail.handedOverAt ?? 0;
    const hasAnswered = mail.answered.some((at) => at >= handedOverAt);
    const left = ['accepted', 'unknown'].includes(kind) || hasAnswered || isOf(mail.evidence, handedOverAt);
    if (!left) this.#returnQuota(mail);
    const allowed = ends(kind, {
      evidence: mail.evidence,
      handedOverAt,
      hasAnswered,
      deferrals: mail.deferrals,
      wasTold: wasTold(mail),
      wasGivenUp: wasGivenUp(mail),
      task: this.#model.task,
    });
    const seen = this.#occasion.after.mails.find(({ id }) => id === mail.id)?.status;
    const state = allowed.find((state) => state === seen) ?? allowed[0];
    assert.ok(state !== undefined);
    if (kind === 'deferred') mail.deferrals += 1;
    mail.isGivenUp = kind === 'unknown' && state === 'failed';
    if (state === 'pending') mail.service = null;
    mail.state = state;
  }

  #hear(events: readonly { key: string; kind: string; occurred_at: string; sub_task_id: string | null }[]): void {
    const touched = new Set<Mail>();
    for (const { key, kind: name, occurred_at, sub_task_id } of events) {
      const kind = eventKinds.find((each) => each === name);
      const [mail] = this.#byId(sub_task_id === null ? [] : [sub_task_id]);
      if (kind === undefined || mail === undefined || this.#model.keys.has(key)) continue;
      this.#model.keys.add(key);
      touched.add(mail);
      this.#hearOne(mail, kind, Date.parse(occurred_at));
    }
    for (const mail of touched) if (follows(mail.state) && isThere(mail.evidence)) mail.state = funnel(mail.evidence);
  }

  #hearOne(mail: Mail, kind: EventKind, at: number): void {
    mail.evidence = heard(mail.evidence, kind, at);
    if (['hard_bounce', 'complaint', 'unsubscribe'].includes(kind)) mail.isSuppressed = true;
    if (kind === 'sent' || kind === 'deferred') mail.told.push(at);
    if (kind === 'failed') mail.gaveUp.push(at);
    if (kind === 'complaint' || kind === 'unsubscribe') mail.answered.push(at);
    if (mail.state === 'uncertain' || (mail.state === 'failed' && mail.isGivenUp)) this.#followWords(mail);
  }

  /** Words without a time of their own settle a doubt, and nothing else. */
  #followWords(mail: Mail): void {
    if (wasTold(mail)) mail.state = 'sent';
    else if (wasGivenUp(mail)) mail.state = 'failed';
    mail.isGivenUp = mail.state === 'failed';
  }

  #settle({ mail: number, wasSent }: Extract<Step, { do: 'settle' }>): boolean {
    const mail = this.#model.mails[number % this.#model.mails.length];
    if (mail?.state !== 'uncertain') return true;
    mail.state = wasSent ? 'sent' : 'failed';
    mail.isGivenUp = false;
    return false;
  }

  #byId(ids: string[]): Mail[] {
    return ids.flatMap((id) => this.#model.mails.filter((mail) => mail.id === id));
  }
}

function isHeld(state: State): boolean {
  return state === 'allocated' || state === 'sending';
}

/** Since its last hand-over, with a minute for the provider's clock. */
function wasTold({ told, handedOverAt, answered }: Mail): boolean {
  return answered.length > 0 || told.some((at) => at >= (handedOverAt ?? 0) - 60_000);
}

function wasGivenUp({ gaveUp, handedOverAt }: Mail): boolean {
  return gaveUp.some((at) => at >= (handedOverAt ?? 0) - 60_000);
}

function isBegun(state: State): boolean {
  return state === 'sending' || state === 'uncertain';
}

function given<T>(value: T | undefined | null): T {
  assert.ok(value !== undefined && value !== null);
  return value;
}
