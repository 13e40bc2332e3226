import type { Task } from 'graphile-worker';
import type { DnsResolver } from '../domains/lookups.ts';
import { openResolver } from '../domains/resolver.ts';
import { checkDomainsOf } from '../tasks/domain_checks.ts';
import type { WorkerContext } from '../worker/context.ts';

export type CheckDomainsContext = Pick<WorkerContext, 'db' | 'log' | 'stopping'>;

export function checkDomains(context: WorkerContext): Task {
  const { config, stopping } = context;
  return () => checkAllDomains(context, openResolver({ servers: config.DNS_SERVERS, stopping }));
}

/** Records disappear when somebody tidies up the DNS, long after a service was made. */
export async function checkAllDomains(
  { db, log, stopping }: CheckDomainsContext,
  resolver: DnsResolver,
): Promise<void> {
  for await (const { service, state, findings } of checkDomainsOf(db, resolver, null, stopping)) {
    if (state !== 'bad') continue;
    const bad = findings.filter((finding) => finding.state === 'bad').map(({ says }) => says);
    log.warn(
      { serviceId: service.id, service: service.name, domain: service.domain, bad },
      'a sending domain lacks records',
    );
  }
}
