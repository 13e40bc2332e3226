// RFC 7208: one record, at most ten look-ups with everything that it includes, an end that says what the rest is.
import { type Answer, plainName } from './answer.ts';
import { about, type Finding } from './finding.ts';
import { costsLookUp, isSpf, parseSpf, type SpfRecord, spfReferences } from './spf_record.ts';

const mostLookUps = 10;

/** Counted no further: records that include each other over and over would be walked for ever. */
const mostCounted = 50;

/** TXT answers by name, of the domain and of all that its record refers to. */
export type TxtAnswers = ReadonlyMap<string, Answer<string>>;

/** @param include what the provider wants included; null: not known */
export function judgeSpf(domain: string, answers: TxtAnswers, include: string | null): Finding[] {
  const say = about('spf', domain);
  const answer = answers.get(domain) ?? { state: 'unknown', why: 'it was not' };
  if (answer.state === 'unknown') return [say.unknown(`The TXT records of ${domain}`, answer.why)];
  const records = spfOf(answer);
  const [text] = records;
  if (text === undefined)
    return [say.bad('There is no SPF record.', `Add the TXT record: ${domain} "${suggestion(include)}".`)];
  if (records.length > 1)
    return [
      say.bad(
        `There are ${records.length} SPF records, so receivers heed none.`,
        `Make one of them: ${records.map((record) => `"${record}"`).join(' and ')}.`,
      ),
    ];
  const record = parseSpf(text);
  if (record.faults.length > 0)
    return [
      say.bad(`The SPF record has what no receiver understands: ${record.faults.join(' ')}.`, 'Mend or remove it.'),
    ];
  const tree = walk(domain, answers);
  const faults = [
    ...tooMany(tree),
    ...broken(tree),
    ...ending(domain, answers, record),
    ...missing(tree, record, include),
  ];
  const found = faults.map(({ state, says, remedy }) => say[state](says, remedy));
  const unasked = Array.from(tree.unasked, ([name, why]) => say.unknown(`${name}, which it includes,`, why));
  if (found.length + unasked.length > 0) return [...found, ...unasked];
  return [say.ok(`"${text}", with ${tree.lookUps} of ${mostLookUps} look-ups.`)];
}

function spfOf(answer: Answer<string>): string[] {
  return answer.state === 'found' ? answer.records.filter(isSpf) : [];
}

function suggestion(include: string | null): string {
  return `v=spf1 include:${include ?? '<what the provider names>'} ~all`;
}

interface Fault {
  readonly state: 'bad' | 'warning';
  readonly says: string;
  readonly remedy: string;
}

interface Tree {
  /** Names whose records are part of it. */
  readonly names: Set<string>;
  lookUps: number;
  /** Why, by name. */
  readonly unasked: Map<string, string>;
  readonly broken: Set<string>;
}

/** What a receiver would ask for, in the worst case: when nothing matches before the end. */
function walk(domain: string, answers: TxtAnswers): Tree {
  const tree: Tree = { names: new Set(), lookUps: 0, unasked: new Map(), broken: new Set() };
  visit(domain, []);
  return tree;

  function visit(name: string, above: readonly string[]): void {
    const answer = answers.get(name);
    if (answer === undefined || tree.lookUps > mostCounted) return;
    if (answer.state === 'unknown') {
      tree.unasked.set(name, answer.why);
      return;
    }
    const [text, second] = spfOf(answer);
    if (text === undefined) tree.broken.add(`${name} has no SPF record`);
    else if (second !== undefined) tree.broken.add(`${name} has several SPF records`);
    else follow(name, parseSpf(text), above);
  }

  function follow(name: string, record: SpfRecord, above: readonly string[]): void {
    tree.names.add(name);
    if (record.faults.length > 0) tree.broken.add(`${name} has ${record.faults.join(' ')}`);
    tree.lookUps += record.mechanisms.filter(costsLookUp).length + (record.redirect === null ? 0 : 1);
    for (const next of spfReferences(record).map(plainName)) {
      if (next === name || above.includes(next)) tree.broken.add(`${next} includes itself`);
      else visit(next, [...above, name]);
    }
  }
}

function tooMany({ lookUps }: Tree): Fault[] {
  if (lookUps <= mostLookUps) return [];
  return [
    {
      state: 'bad',
      says: `The SPF record takes ${lookUps > mostCounted ? `over ${mostCounted}` : lookUps} look-ups, its includes counted; receivers give up after ${mostLookUps}.`,
      remedy: 'Remove includes of services that send for you no more, or replace a and mx by ip4 and ip6.',
    },
  ];
}

function broken({ broken: faults }: Tree): Fault[] {
  return Array.from(faults, (says) => ({
    state: 'bad',
    says: `The SPF record leads to one that can not be used: ${says}.`,
    remedy: 'Mend that one, or remove what leads to it: receivers reject the whole record.',
  }));
}

/** The end of a record is that of the one it redirects to. */
function ending(domain: string, answers: TxtAnswers, record: SpfRecord, above: readonly string[] = []): Fault[] {
  const all = record.mechanisms.find(({ name }) => name === 'all');
  if (all === undefined && record.redirect !== null) {
    const next = plainName(record.redirect);
    const [text] = spfOf(answers.get(next) ?? { state: 'none' });
    // Not known, or told by what is broken.
    if (text === undefined || above.includes(next) || next === domain) return [];
    return ending(next, answers, parseSpf(text), [...above, domain]);
  }
  if (all?.qualifier === '-' || all?.qualifier === '~') return [];
  if (all?.qualifier === '+')
    return [
      {
        state: 'bad',
        says: 'The SPF record ends in +all: everybody may send as you.',
        remedy: 'End it in ~all or -all.',
      },
    ];
  return [
    {
      state: 'warning',
      says: `The SPF record ends in ${all === undefined ? 'nothing' : '?all'}: it says nothing of who else sends.`,
      remedy: 'End it in ~all or -all.',
    },
  ];
}

function missing({ names, unasked }: Tree, record: SpfRecord, include: string | null): Fault[] {
  if (include === null || names.has(plainName(include)) || unasked.has(plainName(include))) return [];
  return [
    {
      state: 'bad',
      says: `The SPF record does not include ${include}, by which this service sends.`,
      remedy: `Change the TXT record to "${withInclude(record, include)}".`,
    },
  ];
}

function withInclude({ text, mechanisms }: SpfRecord, include: string): string {
  const all = mechanisms.find(({ name }) => name === 'all');
  const added = `include:${include}`;
  if (all !== undefined)
    return text.replace(new RegExp(` ${all.text.replace(/[+?]/, '\\$&')}( |$)`), ` ${added} ${all.text}$1`);
  return text.replace(/^v=spf1/i, `$& ${added}`);
}
