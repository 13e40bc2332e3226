import type { Statements } from './statements.ts';

/**
 * Forgets a service's signing secrets of a source: the secret of the path is enough again.
 * @throws NTFND when there is no such service
 */
export async function removeWebhookSigningSecrets(db: Statements, serviceId: string, source: string): Promise<void> {
  await db.query({
    text: 'select app_private.remove_webhook_signing_secrets($1, $2)',
    values: [serviceId, source],
  });
}
