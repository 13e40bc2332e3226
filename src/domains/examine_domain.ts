// Asks for what the judgements need of one service's sending domain, and has them judge.
import { type Answer, plainName } from './answer.ts';
import { dkimName, dkimNotKnown, judgeDkim } from './dkim.ts';
import { type DmarcAnswer, dmarcDomains, isDmarc, judgeDmarc } from './dmarc.ts';
import type { Finding } from './finding.ts';
import type { Lookups } from './lookups.ts';
import { judgeReturnPath } from './return_path.ts';
import { judgeSpf, type TxtAnswers } from './spf.ts';
import { isSpf, parseSpf, spfReferences } from './spf_record.ts';
import { judgeTracking, trackedByAddress, trackingHost } from './tracking_host.ts';

export interface SendingDomain {
  readonly domain: string;
  readonly provider: string;
  /** Null: not known. */
  readonly dkimSelector: string | null;
  readonly spfInclude: string | null;
  /** Where bounces go; null: by SMTP to the sender, else the provider sees to them. */
  readonly bounceAddress: string | null;
  readonly trackingBaseUrl: string | null;
}

/** Names of a record that refers to ever more of them: receivers stop long before. */
const mostSpfNames = 30;

export async function examineDomain(sending: SendingDomain, lookups: Lookups): Promise<Finding[]> {
  const found = await Promise.all([
    spf(sending, lookups),
    dkim(sending, lookups),
    dmarc(sending, lookups),
    returnPath(sending, lookups),
    tracking(sending, lookups),
  ]);
  return found.flat();
}

/** SPF is about the return path; providers ask for the record on the sending domain as well. */
async function spf(sending: SendingDomain, lookups: Lookups): Promise<Finding[]> {
  const bounces = bounceDomain(sending);
  const names = bounces === null || bounces === sending.domain ? [sending.domain] : [sending.domain, bounces];
  const found = names.map(async (name) => judgeSpf(name, await spfAnswers(name, lookups), sending.spfInclude));
  return (await Promise.all(found)).flat();
}

/** The record of a domain and of everything that it refers to, level by level. */
async function spfAnswers(domain: string, lookups: Lookups): Promise<TxtAnswers> {
  const answers = new Map<string, Answer<string>>();
  let names = [domain];
  while (names.length > 0 && answers.size < mostSpfNames) {
    const level = await Promise.all(names.map(async (name) => [name, await lookups.txt(name)] as const));
    for (const [name, answer] of level) answers.set(name, answer);
    const next = level.flatMap(([, answer]) => referencesIn(answer));
    names = [...new Set(next)].filter((name) => !answers.has(name)).slice(0, mostSpfNames);
  }
  return answers;
}

function referencesIn(answer: Answer<string>): string[] {
  const records = answer.state === 'found' ? answer.records.filter(isSpf) : [];
  return records.flatMap((record) => spfReferences(parseSpf(record))).map(plainName);
}

async function dkim({ domain, dkimSelector }: SendingDomain, lookups: Lookups): Promise<Finding[]> {
  if (dkimSelector === null) return [dkimNotKnown(domain)];
  const name = dkimName(dkimSelector, domain);
  return judgeDkim(name, await lookups.txt(name));
}

async function dmarc(sending: SendingDomain, lookups: Lookups): Promise<Finding[]> {
  const answers: DmarcAnswer[] = [];
  for (const domain of dmarcDomains(sending.domain)) {
    const answer = await lookups.txt(`_dmarc.${domain}`);
    answers.push({ domain, answer });
    if (answer.state === 'unknown' || (answer.state === 'found' && answer.records.some(isDmarc))) break;
  }
  return judgeDmarc(sending.domain, answers, bounceDomain(sending));
}

async function returnPath(sending: SendingDomain, lookups: Lookups): Promise<Finding[]> {
  const bounces = bounceDomain(sending);
  const domain = bounces ?? sending.domain;
  const [exchanges, addresses] = await Promise.all([lookups.mx(domain), lookups.addresses(domain)]);
  return [judgeReturnPath(domain, exchanges, addresses, bounces !== null)];
}

async function tracking({ trackingBaseUrl }: SendingDomain, lookups: Lookups): Promise<Finding[]> {
  if (trackingBaseUrl === null) return [];
  const host = trackingHost(trackingBaseUrl);
  if (host === null) return [trackedByAddress(trackingBaseUrl)];
  const [addresses, alias] = await Promise.all([lookups.addresses(host), lookups.alias(host)]);
  return [judgeTracking(host, addresses, alias)];
}

/** Where the return path leads; null: the provider's own business. */
function bounceDomain({ bounceAddress, provider, domain }: SendingDomain): string | null {
  if (bounceAddress !== null) return plainName(bounceAddress.slice(bounceAddress.lastIndexOf('@') + 1));
  return provider === 'smtp' ? domain : null;
}
