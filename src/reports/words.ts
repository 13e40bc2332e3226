// Numbers and times as people read them.
const grouped = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** 12,345 */
export function number(value: number): string {
  return grouped.format(value);
}

/** 98.2 %; – where there is nothing to tell. More places where there is little of it. */
export function percent(share: number | null): string {
  if (share === null) return '–';
  const value = share * 100;
  const places = value === 0 || value >= 100 ? 0 : value < 0.995 ? 2 : 1;
  return `${value.toFixed(places)} %`;
}

/** A difference of shares, in percentage points: +1.2, −0.4, ±0. */
export function points(difference: number): string {
  const value = Math.abs(difference * 100).toFixed(1);
  if (value === '0.0') return '±0';
  return `${difference > 0 ? '+' : '−'}${value}`;
}

/** A relative change: +12 %, −4 %, ±0 %. Null: there was nothing before. */
export function change(now: number, before: number): string | null {
  if (before <= 0) return null;
  const value = Math.round((now / before - 1) * 100);
  return value === 0 ? '±0 %' : `${value > 0 ? '+' : '−'}${number(Math.abs(value))} %`;
}

/** “1 mail”, “2,000 mails”. */
export function counted(count: number, thing: string): string {
  return `${number(count)} ${thing}${count === 1 ? '' : 's'}`;
}

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** About how long: 840 ms, 12 s, 5 min, 3 h 20, 4 days. */
export function span(ms: number): string {
  if (ms < secondMs) return `${Math.round(ms)} ms`;
  if (ms < 100 * secondMs) return `${trimmed(ms / secondMs)} s`;
  if (ms < 100 * minuteMs) return `${Math.floor(ms / minuteMs)} min`;
  if (ms < 2 * dayMs)
    return `${Math.floor(ms / hourMs)} h ${String(Math.floor((ms % hourMs) / minuteMs)).padStart(2, '0')}`;
  return `${Math.round(ms / dayMs)} days`;
}

function trimmed(value: number): string {
  return value < 10 ? String(Math.round(value * 10) / 10) : String(Math.round(value));
}

/** 21 Nov, 14:00 in a time zone. */
export function moment(time: string, timezone: string): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return format.format(new Date(time));
}

/** Sat 21 Nov, of a local day such as 2026-11-21 or a local time within it. */
export function dayLabel(local: string): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'UTC',
    weekday: 'short',
    day: 'numeric',
    month: 'short',
  });
  return format.format(new Date(`${local.slice(0, 10)}T00:00:00Z`)).replace(',', '');
}

/** Several names as a sentence has them: a, b and c. */
export function listed(names: readonly string[]): string {
  return new Intl.ListFormat('en-GB').format(names);
}

/** A name that takes no more room than a table has for it. */
export function clipped(text: string, length: number): string {
  const letters = [...text];
  return letters.length <= length ? text : `${letters.slice(0, length - 1).join('')}…`;
}

/** Without what would move a terminal's cursor or change its colours: names and providers' words are anybody's. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
}
