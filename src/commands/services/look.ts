// One look at sending domains, from this machine.
import { z } from 'zod';
import { readConfig } from '../../config.ts';
import { finding } from '../../domains/finding.ts';
import { openResolver } from '../../domains/resolver.ts';
import { checkDomainsOf } from '../../tasks/domain_checks.ts';
import { withInstallationDatabase } from '../with_database.ts';

export const domainCheck = z.strictObject({
  service: z.string(),
  domain: z.string(),
  /** That of the worst finding. */
  state: finding.shape.state,
  findings: z.array(finding),
});

export type DomainCheckLine = z.infer<typeof domainCheck>;

export interface Looked {
  readonly checks: readonly DomainCheckLine[];
  readonly exitCode: number;
}

/**
 * @param service its name or id; null: all that are switched on
 * @param told each as it is done: a name server that does not answer takes its time
 */
export async function look(service: string | null, told: (check: DomainCheckLine) => void): Promise<Looked> {
  const resolver = openResolver({ servers: readConfig().config.DNS_SERVERS });
  const checks: DomainCheckLine[] = [];
  await withInstallationDatabase('postilion services', async (db) => {
    for await (const { service: looked, state, findings } of checkDomainsOf(db, resolver, service)) {
      // Null: it got another domain meanwhile, and will be looked at again.
      if (state === null) continue;
      const check = { service: looked.name, domain: looked.domain, state, findings: [...findings] };
      checks.push(check);
      told(check);
    }
  });
  return { checks, exitCode: exitCodeOf(checks) };
}

function exitCodeOf(checks: readonly DomainCheckLine[]): number {
  const states = checks.flatMap(({ findings }) => findings.map(({ state }) => state));
  if (states.includes('bad')) return 1;
  return states.includes('unknown') ? 2 : 0;
}
