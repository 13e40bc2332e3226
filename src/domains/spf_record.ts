// An SPF record as it is written (RFC 7208, 4.6.1, 5 and 6).

export interface SpfTerm {
  /** As it stands in the record. */
  readonly text: string;
  /** + - ~ ? of a mechanism. */
  readonly qualifier: string;
  readonly name: string;
  /** The name that it speaks of; null: none, or the record's own. */
  readonly domain: string | null;
}

export interface SpfRecord {
  readonly text: string;
  /** Mechanisms up to and with "all": what is behind it is never looked at. */
  readonly mechanisms: readonly SpfTerm[];
  /** Null where "all" stands, which it then does not count beside. */
  readonly redirect: string | null;
  /** Terms that are none. */
  readonly faults: readonly string[];
}

const longestTerm = 300;
const mechanisms = /^(all|include|a|mx|ptr|ip4|ip6|exists)$/;
const demandDomain = /^(include|exists|ip4|ip6)$/;

/** Whether a TXT record is an SPF record. */
export function isSpf(text: string): boolean {
  return /^v=spf1( |$)/i.test(text);
}

export function parseSpf(text: string): SpfRecord {
  const terms = text.trim().split(/ +/).slice(1);
  const modifiers = terms.filter((term) => /^[a-z][a-z0-9_.-]*=/i.test(term));
  const directives = terms.filter((term) => !modifiers.includes(term)).map(directive);
  const end = directives.findIndex((term) => term?.name === 'all');
  const read = directives.filter((term) => term !== null);
  const redirects = modifiers.filter((term) => /^redirect=/i.test(term));
  return {
    text,
    mechanisms: end < 0 ? read : directives.slice(0, end + 1).filter((term) => term !== null),
    redirect: end < 0 ? (redirects[0]?.slice('redirect='.length) ?? null) : null,
    faults: [...terms.filter((term) => !modifiers.includes(term) && directive(term) === null), ...redirects.slice(1)],
  };
}

function directive(text: string): SpfTerm | null {
  if (text.length > longestTerm) return null;
  const [, qualifier = '', name = '', given] = /^([+?~-]?)([a-z0-9]+)(?::([^/\s]\S*))?(?:\/\S*)?$/i.exec(text) ?? [];
  const mechanism = name.toLowerCase();
  if (!mechanisms.test(mechanism) || (demandDomain.test(mechanism) && given === undefined)) return null;
  if (mechanism === 'all' && text.length > qualifier.length + name.length) return null;
  return { text, qualifier: qualifier || '+', name: mechanism, domain: domainOf(mechanism, given) };
}

function domainOf(mechanism: string, given: string | undefined): string | null {
  if (given === undefined || mechanism.startsWith('ip')) return null;
  return given.replace(/\/.*$/, '');
}

/** Mechanisms that make a receiver ask the DNS (RFC 7208, 4.6.4). */
export function costsLookUp({ name }: SpfTerm): boolean {
  return /^(include|a|mx|ptr|exists)$/.test(name);
}

/** The records that must be read, too: includes and the redirect. A macro is another name for each mail. */
export function spfReferences({ mechanisms: terms, redirect }: SpfRecord): string[] {
  const includes = terms.filter(({ name }) => name === 'include').map(({ domain }) => domain);
  return [...includes, redirect].filter((domain) => domain !== null).filter((domain) => !domain.includes('%'));
}
