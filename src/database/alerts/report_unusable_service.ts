import type { UnusableReason } from '../../providers/provider.ts';
import type { Queryable } from '../pool.ts';

/** Raises an alert where a person must see to a service that its provider refuses. */
export async function reportUnusableService(
  db: Queryable,
  serviceId: string,
  reason: UnusableReason,
  message: string,
): Promise<void> {
  await db.query('select app_private.report_unusable_service($1, $2, $3)', [serviceId, reason, message]);
}
