// RFC 7489: a policy under _dmarc.<domain> or above it. Which name is the organisation's is found by asking upwards, not by a list of public suffixes.
import type { Answer } from './answer.ts';
import { about, type Finding } from './finding.ts';
import { tagsOf } from './tags.ts';

const policies = ['none', 'quarantine', 'reject'];

export interface DmarcAnswer {
  /** Without _dmarc. */
  readonly domain: string;
  readonly answer: Answer<string>;
}

/** Of the names above, the longest that is asked for has so many labels. */
const mostLabels = 7;

/** The domains whose policy may hold for one, itself first. */
export function dmarcDomains(domain: string): string[] {
  const labels = domain.split('.');
  const above = labels.map((_, from) => labels.slice(from)).filter(({ length }) => length > 1 && length <= mostLabels);
  return [...new Set([domain, ...above.map((parts) => parts.join('.'))])];
}

/** Whether a TXT record is a DMARC policy. */
export function isDmarc(text: string): boolean {
  return /^v\s*=\s*DMARC1\s*(;|$)/.test(text);
}

/**
 * @param answers of dmarcDomains(domain), in their order, up to the first that has a policy
 * @param bounceDomain where the mails' return path leads; null: the provider's own business
 */
export function judgeDmarc(domain: string, answers: readonly DmarcAnswer[], bounceDomain: string | null): Finding[] {
  const say = about('dmarc', `_dmarc.${domain}`);
  for (const { domain: at, answer } of answers) {
    if (answer.state === 'unknown') return [say.unknown(`The TXT record of _dmarc.${at}`, answer.why)];
    const records = answer.state === 'found' ? answer.records.filter(isDmarc) : [];
    const [text] = records;
    if (text === undefined) continue;
    if (records.length > 1)
      return [
        say.bad(`There are ${records.length} DMARC records for ${at}, so receivers heed none.`, 'Leave one of them.'),
      ];
    return [judgePolicy(domain, at, text, say), ...alignment(domain, at, text, bounceDomain, say)];
  }
  return [say.bad('There is no DMARC policy; Gmail and Yahoo demand one of who sends in bulk.', addRecord(domain))];
}

type Say = ReturnType<typeof about>;

function addRecord(domain: string): string {
  return `Add the TXT record: _dmarc.${domain} "v=DMARC1; p=none"; rua=mailto:… in it names who gets reports.`;
}

function judgePolicy(domain: string, at: string, text: string, say: Say): Finding {
  const tags = tagsOf(text);
  const own = tags?.get('p')?.toLowerCase();
  const policy = at === domain ? own : (tags?.get('sp')?.toLowerCase() ?? own);
  if (tags === null || policy === undefined || !policies.includes(policy))
    return say.bad(
      `The DMARC record has no policy that receivers know: "${text}".`,
      `Give it p=none, p=quarantine or p=reject.`,
    );
  const reports = tags.has('rua') ? '' : '; nobody gets reports';
  const whose = at === domain ? '' : `, of ${at}`;
  return say.ok(
    `The policy${whose} is ${policy}${policy === 'none' ? ': receivers watch, and reject nothing' : ''}${reports}.`,
  );
}

/** SPF counts for DMARC where the return path's domain is the sender's; DKIM signs with the sending domain itself, so it is. */
function alignment(domain: string, at: string, text: string, bounceDomain: string | null, say: Say): Finding[] {
  if (bounceDomain === null || bounceDomain === domain) return [];
  const isStrict = tagsOf(text)?.get('aspf')?.toLowerCase() === 's';
  if (!isStrict && [domain, at].some((whole) => isWithin(bounceDomain, whole) || isWithin(domain, bounceDomain)))
    return [];
  return [
    say.warning(
      `Bounces go to ${bounceDomain}, which is not ${isStrict ? 'the very same domain' : 'of the same organisation'}: SPF does not count for DMARC, and DKIM must.`,
      'Take a bounceAddress under the sending domain, or see to it that the mails are signed.',
    ),
  ];
}

function isWithin(name: string, whole: string): boolean {
  return name === whole || name.endsWith(`.${whole}`);
}
