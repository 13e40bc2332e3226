import type { Statements } from './statements.ts';

/**
 * Ends a service's signing secrets of a source, or those of its paths where the source is null, at a time (ISO 8601); null: now.
 * @throws NTFND when there is no such service
 */
export async function expireWebhookSecrets(
  db: Statements,
  serviceId: string,
  source: string | null,
  expiresAt: string | null,
): Promise<void> {
  await db.query({
    text: `select app_private.expire_webhook_secrets($1, $2, coalesce($3::timestamptz, '-infinity'))`,
    values: [serviceId, source, expiresAt],
  });
}
