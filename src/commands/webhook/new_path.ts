import type { Queryable } from '../../database/pool.ts';
import { createWebhookSecret } from '../../database/webhooks/create_webhook_secret.ts';
import { rotateWebhookSecret } from '../../database/webhooks/rotate_webhook_secret.ts';
import { Fault } from '../../server/errors.ts';
import { sourceFor, webhookPath } from '../../server/webhooks/paths.ts';

/**
 * A new secret path for a service.
 * @param service its name or id
 * @param source who posts; null: its provider
 * @param keepOldForSeconds how long the paths it has still work; null: for ever
 * @throws Fault
 */
export async function newWebhookPath(
  db: Queryable,
  service: string,
  source: string | null,
  keepOldForSeconds: number | null,
): Promise<string> {
  const { id, provider } = await serviceNamed(db, service);
  const poster = sourceFor(source, provider);
  const secret =
    keepOldForSeconds === null
      ? await createWebhookSecret(db, id, source)
      : await rotateWebhookSecret(db, id, source, keepOldForSeconds);
  return webhookPath(poster, secret);
}

async function serviceNamed(db: Queryable, service: string): Promise<{ id: string; provider: string }> {
  const { rows } = await db.query<{ id: string; provider: string }>(
    'select id, provider from app_public.email_services where id::text = lower($1) or name = $1 order by name = $1 desc limit 1',
    [service],
  );
  const [found] = rows;
  if (found === undefined) throw new Fault('NTFND', `there is no service ${JSON.stringify(service)}`);
  return found;
}
