// A digest in words, for people who are tired: what, what was done, what to do; like things together.
import type { Digest, Notice } from './digest.ts';

/** Of alike ones; the rest is a number. */
const namedAtMost = 3;

/** One line. */
export function titleOf({ notices, more, isTest }: Digest): string {
  if (isTest) return 'Postilion: this is a test';
  const told = notices.filter(({ what }) => what !== 'resolved');
  const resolved = notices.length - told.length;
  const rest = sum(more);
  const counts = [
    count(told.filter(({ severity }) => severity === 'critical').length, 'critical'),
    count(told.filter(({ severity }) => severity === 'warning').length, 'warning'),
    count(told.filter(({ severity }) => severity === 'info').length, 'info'),
    count(resolved, 'resolved'),
    count(rest, 'more'),
  ].filter((part) => part !== null);
  return `Postilion: ${counts.join(', ')}`;
}

/** Lines, without the title. */
export function textOf({ notices, more, open, isTest }: Digest): string {
  if (isTest) return 'This is a test. Alerts will come here.';
  const groups = Map.groupBy(notices, ({ what, kind, severity }) => `${what} ${kind} ${severity}`);
  const parts = [...groups.values()].map(groupText);
  if (sum(more) > 0) parts.push(`And ${sum(more)} more: ${kinds(more)}.`);
  if (open > 0)
    parts.push(`Open: ${open}. To see them: postilion alerts. To say that you have: postilion alerts ack <id>`);
  return parts.join('\n\n');
}

const words: Readonly<Record<Notice['what'], string>> = {
  opened: '',
  worse: ' (worse than before)',
  acted: ' (something was done)',
  again: ' (still so)',
  resolved: ' (resolved)',
};

function groupText(group: readonly Notice[]): string {
  const [first] = group;
  if (first === undefined) return '';
  const head = `${first.severity.toUpperCase()} ${first.kind}${words[first.what]}${group.length > 1 ? `: ${group.length}` : ''}`;
  const lines = group.slice(0, namedAtMost).map(lineOf);
  if (group.length > namedAtMost) lines.push(`and ${group.length - namedAtMost} like these`);
  const remedy = first.what === 'resolved' || first.remedy === null ? [] : [`What to do: ${first.remedy}`];
  return [head, ...lines, ...remedy].join('\n');
}

function lineOf({ id, what, message, action }: Notice): string {
  const line = `[${id.slice(0, 8)}] ${message}`;
  return action === null || what === 'resolved' ? line : `${line}\nWhat was done: ${action}`;
}

function kinds(more: Digest['more']): string {
  return Object.entries(more)
    .map(([kind, number]) => `${kind} ${number}`)
    .join(', ');
}

function sum(more: Digest['more']): number {
  return Object.values(more).reduce((total, number) => total + number, 0);
}

function count(number: number, word: string): string | null {
  return number === 0 ? null : `${number} ${word}`;
}
