import { z } from 'zod';
import { type Finding, findingStates } from '../../domains/finding.ts';
import type { Queryable } from '../pool.ts';
import type { ServiceToCheck } from './services_to_check.ts';

const state = z.enum(findingStates).nullable();

export type DomainState = z.infer<typeof state>;

/** Keeps what was found. @returns the state of the worst finding; null: the service has another domain by now, and nothing was kept. */
export async function recordDomainCheck(
  db: Queryable,
  { id, domain }: Pick<ServiceToCheck, 'id' | 'domain'>,
  findings: readonly Finding[],
): Promise<DomainState> {
  const { rows } = await db.query<{ state: unknown }>('select app_private.record_domain_check($1, $2, $3) as state', [
    id,
    domain,
    JSON.stringify(findings),
  ]);
  return state.parse(rows[0]?.state);
}
