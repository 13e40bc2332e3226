// The DNS, asked through a resolver that is given; each name once.
import type { Resolver } from 'node:dns/promises';
import type { Answer, MailExchange } from './answer.ts';
import { plainName } from './answer.ts';

export type DnsResolver = Pick<Resolver, 'resolveTxt' | 'resolveMx' | 'resolve4' | 'resolve6' | 'resolveCname'>;

export interface Lookups {
  /** TXT records, the parts of each put together. */
  txt(name: string): Promise<Answer<string>>;
  mx(name: string): Promise<Answer<MailExchange>>;
  /** Of either kind. */
  addresses(name: string): Promise<Answer<string>>;
  alias(name: string): Promise<Answer<string>>;
}

export function lookupsBy(resolver: DnsResolver): Lookups {
  return {
    txt: once((name) => asked(async () => (await resolver.resolveTxt(name)).map((parts) => parts.join('')))),
    mx: once((name) => asked(() => resolver.resolveMx(name))),
    addresses: once(async (name) =>
      either(await Promise.all([asked(() => resolver.resolve4(name)), asked(() => resolver.resolve6(name))])),
    ),
    alias: once((name) => asked(() => resolver.resolveCname(name))),
  };
}

/** Several services share domains, and providers' includes. */
function once<Data>(ask: (name: string) => Promise<Answer<Data>>): (name: string) => Promise<Answer<Data>> {
  const answers = new Map<string, Promise<Answer<Data>>>();
  return (given) => {
    const name = plainName(given);
    const answer = answers.get(name) ?? ask(name);
    answers.set(name, answer);
    return answer;
  };
}

/** What says for certain that there is nothing: no such name, no record of this kind, or what can be no name. */
const nothing = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME']);

async function asked<Data>(ask: () => Promise<readonly Data[]>): Promise<Answer<Data>> {
  try {
    const records = await ask();
    return records.length === 0 ? { state: 'none' } : { state: 'found', records };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    return nothing.has(code) ? { state: 'none' } : { state: 'unknown', why: reasons[code] ?? code };
  }
}

const reasons: Readonly<Record<string, string>> = {
  ETIMEOUT: 'no name server answered in time',
  ESERVFAIL: 'the name server failed (SERVFAIL)',
  EREFUSED: 'the name server refused (REFUSED)',
  ECONNREFUSED: 'no name server can be reached',
  EBADRESP: 'the name server gave an answer that can not be read',
  ECANCELLED: 'the look was broken off',
};

/** One address is enough; that there is none is known once both kinds were asked for. */
function either(answers: readonly Answer<string>[]): Answer<string> {
  const records = answers.flatMap((answer) => (answer.state === 'found' ? answer.records : []));
  if (records.length > 0) return { state: 'found', records };
  return answers.find(({ state }) => state === 'unknown') ?? { state: 'none' };
}
