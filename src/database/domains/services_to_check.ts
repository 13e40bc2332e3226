import type { SendingDomain } from '../../domains/examine_domain.ts';
import type { Queryable } from '../pool.ts';

export interface ServiceToCheck extends SendingDomain {
  readonly id: string;
  readonly name: string;
}

/**
 * @param service its name or id; null: all that are switched on
 * @throws DatabaseError NTFND
 */
export async function servicesToCheck(db: Queryable, service: string | null): Promise<ServiceToCheck[]> {
  const { rows } = await db.query<ServiceToCheck>(
    `select id, name, provider, domain, dkim_selector as "dkimSelector", spf_include as "spfInclude", bounce_address as "bounceAddress",
            tracking_base_url as "trackingBaseUrl"
       from app_private.services_to_check($1)`,
    [service],
  );
  return rows;
}
