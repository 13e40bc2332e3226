// The provider's keys are sealed here, for the id chosen here, before anything of them reaches the database.
import { randomUUID } from 'node:crypto';
import type { PgClient } from 'postgraphile/@dataplan/pg';
import { z } from 'zod';
import { seal } from '../../database/sealed.ts';
import { accountTag } from '../../database/services/account_tag.ts';
import { createWebhookSecret } from '../../database/webhooks/create_webhook_secret.ts';
import { providers } from '../../providers/registry.ts';
import { Fault } from '../errors.ts';
import { isPosted, webhookPath } from '../webhooks/paths.ts';

const address = (protocol: RegExp, error: string) =>
  z
    .url({ protocol, error })
    .transform((url) => url.replace(/\/+$/, ''))
    .nullish()
    .transform((url) => url ?? null);

/** As the database checks it: what a mail's token makes of it must still be an address. */
const bounceAddress = z
  .string()
  .regex(
    /^(?=[^@]{1,27}@)(?=.{1,217}$)[\w+-]+(\.[\w+-]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/,
    'expected an address with at most 27 letters, digits, ".", "_", "+" and "-" before the "@"',
  )
  .nullish()
  .transform((given) => given ?? null);

const newEmailService = z.object({
  name: z.string(),
  provider: z.string(),
  domain: z.string(),
  baseUrl: address(/^(https?|smtps?)$/, 'expected an address: http, https, smtp or smtps'),
  trackingBaseUrl: address(/^https?$/, 'expected an http or https address'),
  bounceAddress,
  intervalMs: z.number(),
  maxInFlight: z.number(),
  dailyQuota: z.number().nullish(),
  timezone: z.string(),
  timeoutMs: z.number(),
  isShared: z.boolean(),
  repeatsAreIdempotent: z.boolean(),
  // Neither message repeats what was given: it may be a key in the wrong place.
  credentials: z.record(z.string(), z.string('expected a text'), 'expected an object of texts'),
});

export type NewEmailService = z.infer<typeof newEmailService>;

/** @throws Fault BADIN naming the field */
export function parseNewEmailService(input: unknown): NewEmailService {
  const parsed = newEmailService.safeParse(input);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Fault('BADIN', `${issue?.path.join('.')}: ${issue?.message}`);
  }
  checkProvider(parsed.data);
  return parsed.data;
}

function checkProvider(service: NewEmailService): void {
  const { provider: name, baseUrl, bounceAddress, credentials, repeatsAreIdempotent } = service;
  const provider = providers.get(name);
  if (provider === undefined) {
    throw new Fault('BADIN', `provider: there is no "${name}"; known: ${[...providers.keys()].join(', ')}`);
  }
  if (provider.needsBaseUrl && baseUrl === null) {
    throw new Fault('BADIN', `baseUrl: a service of the provider "${name}" needs one`);
  }
  if (repeatsAreIdempotent && !provider.remembersRequestIds) {
    throw new Fault('BADIN', `repeatsAreIdempotent: the provider "${name}" can not tell a repeat from a new mail`);
  }
  if (bounceAddress !== null && !provider.takesReturnPaths) {
    throw new Fault('BADIN', `bounceAddress: the provider "${name}" has bounces sent to itself`);
  }
  const missing = provider.missingCredentials(credentials);
  if (missing.length > 0) throw new Fault('BADIN', `credentials: missing ${missing.join(', ')}`);
}

/** @returns the new service's id */
export async function createEmailService(client: PgClient, service: NewEmailService, key: Buffer): Promise<string> {
  const id = randomUUID();
  await client.query({
    text: 'select app_private.create_email_service($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)',
    values: [
      id,
      service.name,
      service.provider,
      service.domain,
      service.baseUrl,
      service.trackingBaseUrl,
      service.intervalMs,
      service.maxInFlight,
      service.dailyQuota ?? null,
      service.timezone,
      service.timeoutMs,
      service.isShared,
      seal(key, id, service.credentials),
      service.repeatsAreIdempotent,
      service.bounceAddress,
    ],
  });
  await client.query({ text: 'select app_private.tag_account($1, $2)', values: [id, accountTag(key, service)] });
  return id;
}

/** Null where the provider posts nothing by itself, as with SMTP. */
export async function firstWebhookPath(client: PgClient, id: string, provider: string): Promise<string | null> {
  return isPosted(provider) ? webhookPath(provider, await createWebhookSecret(client, id, null)) : null;
}
