// EngageLab's record of what it took: GET /v1/email_status, a day of an account in pages. Source: EngageLab, REST API, "Delivery response".
import { z } from 'zod';
import { type LookUp, LookUpError, type Period, type Question, type TakenMail } from './provider.ts';
import { redacted } from './secrets.ts';
import { clip, MAX_ID_BYTES } from './text.ts';

const PAGE = 100;
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

export class EngagelabLookUp implements LookUp {
  readonly account: string;
  readonly callsPerMinute = 60;
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
    throw new LookUpError(`HTTP ${status}: ${redacted(clip(text.trim(), MAX_TEXT), this.#secrets)}`);
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

/** With its zone or, like the date that is asked for, in Beijing's. */
function toDate(time: string, context: z.RefinementCtx): Date {
  const zoned = /(Z|[+-]\d\d:?\d\d)$/i.test(time) ? time : `${time.replace(' ', 'T')}+08:00`;
  const date = new Date(zoned);
  if (Number.isNaN(date.getTime())) context.addIssue({ code: 'custom', message: 'expected a time' });
  return date;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
