// Looks at sending domains, one service after the other: what the crontab does each day, and `postilion services check` at once.
import { type DomainState, recordDomainCheck } from '../database/domains/record_domain_check.ts';
import { type ServiceToCheck, servicesToCheck } from '../database/domains/services_to_check.ts';
import type { Queryable } from '../database/pool.ts';
import { examineDomain } from '../domains/examine_domain.ts';
import type { Finding } from '../domains/finding.ts';
import { type DnsResolver, lookupsBy } from '../domains/lookups.ts';

export interface DomainCheck {
  readonly service: ServiceToCheck;
  readonly state: DomainState;
  readonly findings: readonly Finding[];
}

/**
 * Looks, keeps and tells what was found, of one service (its name or id) or of all that are switched on (null). No transaction is open meanwhile.
 * @param stopping aborted: what is under way is not kept, and nothing more is begun
 * @throws DatabaseError NTFND
 */
export async function* checkDomainsOf(
  db: Queryable,
  resolver: DnsResolver,
  service: string | null,
  stopping?: AbortSignal,
): AsyncGenerator<DomainCheck> {
  const lookups = lookupsBy(resolver);
  for (const each of await servicesToCheck(db, service)) {
    const findings = await examineDomain(each, lookups);
    if (stopping?.aborted) return;
    yield { service: each, findings, state: await recordDomainCheck(db, each, findings) };
  }
}
