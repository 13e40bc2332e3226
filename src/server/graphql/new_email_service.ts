// The provider's keys are sealed here, for the id chosen here, before anything of them reaches the database.
import { randomUUID } from 'node:crypto';
import type { PgClient } from 'postgraphile/@dataplan/pg';
import { z } from 'zod';
import { seal } from '../../database/sealed.ts';
import { accountTag } from '../../database/services/account_tag.ts';
import { providers } from '../../providers/registry.ts';
import { Fault } from '../errors.ts';

const address = (protocol: RegExp, error: string) =>
  z
    .url({ protocol, error })
    .transform((url) => url.replace(/\/+$/, ''))
    .nullish()
    .transform((url) => url ?? null);

const newEmailService = z.object({
  name: z.string(),
  provider: z.string(),
  domain: z.string(),
  baseUrl: address(/^(https?|smtps?)$/, 'expected an address: http, https, smtp or smtps'),
  trackingBaseUrl: address(/^https?$/, 'expected an http or https address'),
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

function checkProvider({ provider: name, baseUrl, credentials, repeatsAreIdempotent }: NewEmailService): void {
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
  const missing = provider.missingCredentials(credentials);
  if (missing.length > 0) throw new Fault('BADIN', `credentials: missing ${missing.join(', ')}`);
}

/** @returns the new service's id */
export async function createEmailService(client: PgClient, service: NewEmailService, key: Buffer): Promise<string> {
  const id = randomUUID();
  await client.query({
    text: 'select app_private.create_email_service($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)',
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
    ],
  });
  await client.query({ text: 'select app_private.tag_account($1, $2)', values: [id, accountTag(key, service)] });
  return id;
}
