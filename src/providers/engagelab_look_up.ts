// EngageLab's record of what it took: GET /v1/email_status, a day of an account in pages, or mails of a day by their ids. Source: EngageLab, REST API, "Delivery response".
import { z } from 'zod';
import { recordTime } from './engagelab_status.ts';
import { engagelabWebhooks } from './engagelab_webhook.ts';
import {
  type KnownMail,
  type LookUp,
  LookUpError,
  type Period,
  type Question,
  type StatusQuestion,
  type TakenMail,
} from './provider.ts';
import { redacted } from './secrets.ts';
import { clip, MAX_ID_BYTES } from './text.ts';

const PAGE = 100;
const MAX_IDS = 20;
const BETWEEN_IDS = ';';
/** What 60 calls a minute can read within 10 minutes, for which EngageLab keeps an answer. */
const MAX_MAILS_A_DAY = 60_000;
const MAX_TEXT = 300;

const DAY_MS = 86_400_000;
const BEIJING_AHEAD_MS = 8 * 3_600_000;

// A record that can't be read might be the second of its address: then nothing is certain, and the whole answer is refused.
const page = z.looseObject({
  result: z.array(
    z.looseObject({
      email: z.string().min(1),
      email_id: z.string().min(1),
      request_time: z.string().transform(toDate),
    }),
  ),
  total: z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]),
});
type Page = z.infer<typeof page>;

const answer = z.looseObject({ result: z.array(z.unknown()) });

export class EngagelabLookUp implements LookUp {
  readonly account: string;
  readonly callsPerMinute = 60;
  readonly source = engagelabWebhooks.name;
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #secrets: readonly string[];

  constructor(baseUrl: string, apiUser: string, headers: Readonly<Record<string, string>>, secrets: readonly string[]) {
    this.account = `${apiUser} at ${baseUrl}`;
    this.#url = `${baseUrl}/v1/email_status`;
    this.#headers = headers;
    this.#secrets = secrets;
  }

  async find(question: Question): Promise<TakenMail[]> {
    const found: TakenMail[] = [];
    for (const day of daysOf(question.periods)) found.push(...(await this.#findOn(day, question)));
    return found;
  }

  async *statuses({ mails, timeoutMs, beforeCall }: StatusQuestion): AsyncGenerator<Buffer> {
    for (const [day, ids] of callsFor(mails)) {
      await beforeCall();
      const body = await this.#statuses(day, ids, timeoutMs);
      if (body !== null && engagelabWebhooks.parse({ headers: {}, body }).length > 0) yield body;
    }
  }

  // A question that it refuses is refused again: passed over, so that it does not stand before all others for ever.
  async #statuses(day: string, ids: readonly string[], timeoutMs: number): Promise<Buffer | null> {
    const query = new URLSearchParams({ send_date: day, email_ids: ids.join(BETWEEN_IDS), limit: String(PAGE) });
    const { status, text } = await this.#get(`${this.#url}?${query}`, timeoutMs);
    if (status === 200 && answer.safeParse(jsonOf(text)).success) return Buffer.from(text);
    if (status === 400 || status === 414) return null;
    throw this.#refusal(status, text);
  }

  // Mails taken meanwhile can only shift the pages so that some are read twice, which the caller sees by their ids.
  async #findOn(day: string, question: Question): Promise<TakenMail[]> {
    const found: TakenMail[] = [];
    for (let read = 0, total = 1; read < total; ) {
      await question.beforeCall();
      const { result, total: now } = await this.#page(day, read, question.timeoutMs);
      if (now > MAX_MAILS_A_DAY) throw new LookUpError(`the ${now} mails of ${day} are too many to be read`);
      if (result.length === 0 && read < now)
        throw new LookUpError(`the record of ${day} ends at ${read} of ${now} mails`);
      found.push(...result.map(toMail).filter(({ recipient }) => question.recipients.has(recipient)));
      read += result.length;
      total = now;
    }
    return found;
  }

  async #page(day: string, offset: number, timeoutMs: number): Promise<Page> {
    const query = new URLSearchParams({ send_date: day, offset: String(offset), limit: String(PAGE) });
    const { status, text } = await this.#get(`${this.#url}?${query}`, timeoutMs);
    const parsed = page.safeParse(jsonOf(text));
    if (status === 200 && parsed.success) return parsed.data;
    throw this.#refusal(status, text);
  }

  #refusal(status: number, text: string): LookUpError {
    return new LookUpError(`HTTP ${status}: ${redacted(clip(text.trim(), MAX_TEXT), this.#secrets)}`);
  }

  async #get(url: string, timeoutMs: number): Promise<{ status: number; text: string }> {
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await fetch(url, { headers: this.#headers, signal, redirect: 'manual' });
      return { status: response.status, text: await response.text() };
    } catch (error) {
      throw new LookUpError('no answer', { cause: error });
    }
  }
}

/** Days with ids of mails taken on them, as many as one call may name. A mail of midnight is asked for on both days. */
function* callsFor(mails: readonly KnownMail[]): Generator<[day: string, ids: string[]]> {
  const askable = mails.filter(({ messageId }) => !messageId.includes(BETWEEN_IDS));
  const byDay = Map.groupBy(
    askable.flatMap((mail) => daysOf([mail]).map((day) => ({ day, id: mail.messageId }))),
    ({ day }) => day,
  );
  for (const [day, known] of byDay)
    for (let from = 0; from < known.length; from += MAX_IDS)
      yield [day, known.slice(from, from + MAX_IDS).map(({ id }) => id)];
}

/** The Beijing dates (yyyy-MM-dd) that the periods touch, each once, in order. */
function daysOf(periods: readonly Period[]): string[] {
  const days = new Set<string>();
  for (const { from, until } of periods)
    for (let day = beijingDay(from); day <= beijingDay(until); day++)
      days.add(new Date(day * DAY_MS).toISOString().slice(0, 10));
  return [...days].sort();
}

/** Days since 1970 by Beijing's calendar. */
function beijingDay(time: Date): number {
  return Math.floor((time.getTime() + BEIJING_AHEAD_MS) / DAY_MS);
}

function toMail({ email, email_id, request_time }: Page['result'][number]): TakenMail {
  return { recipient: email.toLowerCase(), messageId: clip(email_id, MAX_ID_BYTES), takenAt: request_time };
}

function toDate(time: string, context: z.RefinementCtx): Date {
  const date = recordTime(time);
  if (date !== null) return date;
  context.addIssue({ code: 'custom', message: 'expected a time' });
  return z.NEVER;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
