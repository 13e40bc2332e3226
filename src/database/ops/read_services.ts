import { z } from 'zod';
import { findingStates } from '../../domains/finding.ts';
import type { Queryable } from '../pool.ts';

export const serviceLine = z.strictObject({
  id: z.string(),
  name: z.string(),
  provider: z.string(),
  domain: z.string(),
  /** What it does, as in ops.service_status. */
  state: z.string(),
  /** Of today; null: any number. */
  quotaLeft: z.number().nullable(),
  /** Share of its recent hand-overs that were accepted. */
  accepted: z.number(),
  /** Of its sending domain, when it was last looked at; null: never. */
  domainState: z.enum(findingStates).nullable(),
  checkedAt: z.coerce.date().nullable(),
});

export type ServiceLine = z.infer<typeof serviceLine>;

/** Every service, by name. As postilion_operator. */
export async function readServices(db: Queryable): Promise<ServiceLine[]> {
  const { rows } = await db.query(
    `select id, name, provider, domain, state, quota_left::float8 as "quotaLeft", accepted, domain_state as "domainState", checked_at as "checkedAt"
       from ops.read_services()`,
  );
  return z.array(serviceLine).parse(rows);
}
