// What the mutations about webhook secrets do. Their input is read by GraphQL; what it can not know is checked here.
import type { PgClient } from 'postgraphile/@dataplan/pg';
import { z } from 'zod';
import { addWebhookSigningSecret } from '../../database/webhooks/add_webhook_signing_secret.ts';
import { createWebhookSecret } from '../../database/webhooks/create_webhook_secret.ts';
import { expireWebhookSecrets } from '../../database/webhooks/expire_webhook_secrets.ts';
import { removeWebhookSigningSecrets } from '../../database/webhooks/remove_webhook_signing_secrets.ts';
import { rotateWebhookSecret } from '../../database/webhooks/rotate_webhook_secret.ts';
import { webhookSources } from '../../providers/webhook_sources.ts';
import { Fault } from '../errors.ts';
import { checkSource, sourceFor, webhookPath } from '../webhooks/paths.ts';

const longestSecret = 4_000;
const tenYears = 315_360_000;

const optional = z
  .string()
  .nullish()
  .transform((value) => value ?? null);
const forService = z.object({ emailServiceId: z.string() });
const forPath = forService.extend({ source: optional });
const forRotation = forPath.extend({ keepOldForSeconds: z.number().min(0).max(tenYears) });
const forExpiry = forPath.extend({ expiresAt: optional });
const forSource = forService.extend({ source: z.string() });
// The message does not repeat what was given.
const secret = z.string().min(8, 'expected 8 characters or more').max(longestSecret, 'expected fewer characters');
const forSigning = forSource.extend({ secret, expiresAt: optional });

export async function createSecret(client: PgClient, given: unknown) {
  const { emailServiceId: id, source } = parse(forPath, given);
  const poster = sourceFor(source, await providerOf(client, id));
  return { id, path: webhookPath(poster, await createWebhookSecret(client, id, source)) };
}

export async function rotateSecret(client: PgClient, given: unknown) {
  const { emailServiceId: id, source, keepOldForSeconds } = parse(forRotation, given);
  const poster = sourceFor(source, await providerOf(client, id));
  return { id, path: webhookPath(poster, await rotateWebhookSecret(client, id, source, keepOldForSeconds)) };
}

export async function expireSecrets(client: PgClient, given: unknown) {
  const { emailServiceId: id, source, expiresAt } = parse(forExpiry, given);
  if (source !== null) checkSource(source);
  await expireWebhookSecrets(client, id, source, expiresAt);
  return { id };
}

export async function addSigningSecret(client: PgClient, given: unknown, encryptionKey: Buffer) {
  const { emailServiceId: id, source, secret, expiresAt } = parse(forSigning, given);
  checkSigns(source);
  await addWebhookSigningSecret(client, { serviceId: id, source, secret, expiresAt }, encryptionKey);
  return { id };
}

export async function removeSigningSecrets(client: PgClient, given: unknown) {
  const { emailServiceId: id, source } = parse(forSource, given);
  checkSource(source);
  await removeWebhookSigningSecrets(client, id, source);
  return { id };
}

/** @throws Fault BADIN where a secret would be kept that nothing is ever checked with */
function checkSigns(source: string): void {
  checkSource(source);
  if (webhookSources.get(source)?.signingSecret === null) throw new Fault('BADIN', `source: "${source}" signs nothing`);
}

/** @throws Fault NTFND */
async function providerOf(client: PgClient, id: string): Promise<string> {
  const { rows } = await client.query<{ provider: string }>({
    text: 'select provider from app_public.email_services where id = $1',
    values: [id],
  });
  const [service] = rows;
  if (service === undefined) throw new Fault('NTFND', `emailServiceId: there is no service ${id}`);
  return service.provider;
}

/** @throws Fault BADIN naming the field */
function parse<T extends z.ZodType>(shape: T, given: unknown): z.infer<T> {
  const parsed = shape.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Fault('BADIN', `${issue?.path.join('.')}: ${issue?.message}`);
}
