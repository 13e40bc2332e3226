// The only reader of process.env. Everything else takes what it needs as a parameter.
import { isIP, SocketAddress } from 'node:net';
import { z } from 'zod';
import { formatOf } from './config/format.ts';
import { type Fault, type GivenValues, givenValues, type Origin, withReplaced } from './config/given.ts';
import { secretsAmong } from './config/meta.ts';
import { type NearMiss, nearMisses } from './config/near_misses.ts';

// Read by Graphile's libraries while they load: development adds checks that production does without.
process.env['GRAPHILE_ENV'] ??= process.env['NODE_ENV'] === 'production' ? 'production' : 'development';

const url = z
  .url({ protocol: /^https?$/, error: 'expected an http or https address' })
  .transform((s) => s.replace(/\/+$/, ''));
const path = z.string().regex(/^\/[A-Za-z0-9/_-]*$/, 'expected a path that begins with "/"');
const localPart = z
  .string()
  .regex(/^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}$/, 'expected the part of an address before the "@"');

const secret = z.string().min(32, 'expected 32 characters or more');
const secrets = z
  .string()
  .transform((list) => list.split(',').map((each) => each.trim()))
  .pipe(z.array(z.string().min(32, 'expected secrets of 32 characters or more, with commas between them')));
const list = z
  .string()
  .default('')
  .transform((given) =>
    given
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== ''),
  );
const isNetwork = (given: string) => {
  const [address = '', bits = '0', ...rest] = given.split('/');
  return (
    rest.length === 0 && /^\d+$/.test(bits) && Number(bits) <= (isIP(address) === 4 ? 32 : 128) && isIP(address) > 0
  );
};
const isTimeZone = (given: string) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: given }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};
const isNameServer = (given: string) => isIP(given) > 0 || SocketAddress.parse(given) !== undefined;
const isOrigin = (given: string) =>
  /^https?:$/.test(URL.parse(given)?.protocol ?? '') && URL.parse(given)?.origin === given;

const oidcCallback = '/api/auth/oidc/callback';
/** What a provider says is believed because of where it was asked: so unencrypted only where nobody stands between. */
const isConfidential = (given: string) => {
  const { protocol, hostname = '' } = URL.parse(given) ?? {};
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
};
/** Says where it leads and nothing else; a pattern would be meant otherwise than it is read. */
const isPlainAddress = (given: string) => {
  const address = URL.parse(given);
  return (
    address !== null && /^https?:$/.test(address.protocol) && given.startsWith(address.origin) && !/[?#*]/.test(given)
  );
};

/** Every key Postilion reads. The README's table is made of it: `npm run check -- --write`. */
export const keys = z.object({
  DATABASE_URL: z.string().min(1).optional().meta({
    description: 'PostgreSQL 15 to 18, as a role that may create roles and schemas',
    format: 'postgres://user:password@host:5432/database',
    absent: 'the embedded server, its data under `POSTILION_DATA_DIR`',
    secret: true,
  }),
  SERVER_DATABASE_URL: z.string().min(1).optional().meta({
    description:
      "how `serve` and `start` log in to the same database: best as a role that was granted `postilion_authenticator` alone (`create role postilion_server login noinherit password '…'; grant postilion_authenticator to postilion_server`)",
    format: 'postgres://user:password@host:5432/database',
    absent: '`DATABASE_URL`; the embedded database has such a login by itself',
    secret: true,
  }),
  POSTILION_DATA_DIR: z.string().min(1).optional().meta({
    description: 'where the embedded database and the generated secret live',
    format: 'a directory',
    absent: '`.postilion/`; for root one under `/var/lib/postilion/`',
  }),
  POSTILION_SECRET: secret.optional().meta({
    description: "encrypts providers' keys, signs tracking links and access tokens; the same on every machine",
    format: '32 characters or more',
    absent: 'generated once and kept in the data directory',
    secret: true,
  }),
  POSTILION_PREVIOUS_SECRETS: secrets.default([]).meta({
    description: 'its former values: what they sealed opens, the links they signed work',
    format: 'secrets of 32 characters or more, with commas between them',
    secret: true,
  }),
  HOST: z.string().default('127.0.0.1').meta({
    description: 'the address to listen on; `0.0.0.0`: every network of this machine, and then TLS belongs in front',
    format: 'an address or a name of this machine',
  }),
  PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65535)
    .default(5678)
    .meta({ description: 'the port to listen on; 0: any that is free' }),
  TRUSTED_PROXIES: list
    .refine((given) => given.every(isNetwork), 'expected addresses, or networks such as 10.0.0.0/8')
    .meta({
      description: "whose `X-Forwarded-For` tells a client's address",
      format: 'addresses and networks, with commas between them: 10.0.0.0/8,192.0.2.1',
    }),
  CORS_ORIGINS: list
    .refine((given) => given.every(isOrigin), 'expected origins such as https://app.example.com')
    .meta({
      description: 'other origins whose pages may use the API',
      format: 'origins, with commas between them: https://app.example.com',
    }),
  ADMIN_EMAIL: z
    .string()
    .regex(/^[^@\s]+@[^@\s]+$/, 'expected a mail address')
    .default('admin@localhost')
    .meta({ description: 'what the admin signs in with whom the first start makes', format: 'a mail address' }),
  OIDC_ISSUER: z
    .url({ protocol: /^https?$/, error: 'expected an https address' })
    .refine(isConfidential, 'expected an https address; http on this machine alone')
    .optional()
    .meta({
      description:
        'signing in by an OpenID Connect provider, besides passwords: the issuer, as the provider writes it. See [docs/access.md](docs/access.md)',
      format: 'an https address',
    }),
  OIDC_CLIENT_ID: z.string().min(1).optional().meta({
    description: 'what the provider calls us; needed with `OIDC_ISSUER`',
    format: "the provider's word",
  }),
  OIDC_CLIENT_SECRET: z.string().min(1).optional().meta({
    description: 'what we show the provider to be believed',
    format: "the provider's word",
    absent: 'none: the provider knows us as a public client',
    secret: true,
  }),
  OIDC_SCOPES: z
    .string()
    .regex(/(^| )openid( |$)/, 'expected openid among them')
    .default('openid email')
    .meta({ description: 'what is asked of the provider', format: 'words, openid among them' }),
  OIDC_REDIRECT_URL: z
    .string()
    .refine(
      (given) => isPlainAddress(given) && given.endsWith(oidcCallback),
      `expected an address that ends in ${oidcCallback}`,
    )
    .optional()
    .meta({
      description: 'where the provider sends browsers back to, as it was told; needed with `OIDC_ISSUER`',
      format: `the public address of this server and ${oidcCallback}`,
    }),
  OIDC_RETURN_URLS: list
    .refine(
      (given) => given.every(isPlainAddress),
      'expected origins or addresses such as https://app.example.com/signed-in',
    )
    .meta({
      description: 'the pages that a browser may be sent on to with a code for a session; needed with `OIDC_ISSUER`',
      format: 'origins or single addresses, with commas between them: https://app.example.com/signed-in',
    }),
  TRACKING_BASE_URL: url.optional().meta({
    description: 'origin of pixel, click and unsubscribe links of services that have none of their own',
    format: 'an http or https address that recipients reach',
    absent: "the server's own address",
  }),
  TRACKING_PIXEL_PATH: path.default('/api/tracking/open').meta({
    description: 'the path of the pixel that tells of an open',
    format: 'a path that begins with "/"',
  }),
  TRACKING_CLICK_PATH: path.default('/api/tracking/click').meta({
    description: 'the path of tracked links',
    format: 'a path that begins with "/"',
  }),
  TRACKING_UNSUBSCRIBE_PATH: path.default('/api/tracking/unsubscribe').meta({
    description: 'the path of the page to unsubscribe',
    format: 'a path that begins with "/"',
  }),
  QUEUE_INTERVAL_SECONDS: z.coerce.number().min(0).max(86_400).default(10).meta({
    description: 'interval of a new service; 0: rated instead of paced',
    unit: 'seconds',
  }),
  QUEUE_BATCH_SIZE: z.coerce.number().int().min(1).max(10_000).default(100).meta({
    description: 'smallest generation batch',
    unit: 'recipients',
  }),
  DEFAULT_SENDER_NAME: localPart.default('support').meta({
    description: 'local part of the address of a new sender',
    format: 'the part of an address before the "@"',
  }),
  SOFT_BOUNCE_LIMIT: z.coerce.number().int().min(1).max(100).default(5).meta({
    description: 'so many soft bounces in a row suppress an address, until a mail to it is delivered after all',
  }),
  LEDGER_DAYS: z.coerce.number().int().min(1).default(90).meta({
    description: 'how long the ledger of changes and the audit trail of repairs are kept',
    unit: 'days',
  }),
  WEBHOOK_ALLOW_UNSIGNED: z.stringbool('expected true or false').default(false).meta({
    description:
      'whether `/api/webhooks/mail-event`, whose path holds no secret, takes events that nothing vouches for',
    format: 'true or false',
  }),
  WEBHOOK_MAX_BYTES: z.coerce.number().int().min(1_000).max(50_000_000).default(1_000_000).meta({
    description: 'the longest body of a webhook',
    unit: 'bytes',
  }),
  BULK_MAX_BYTES: z.coerce.number().int().min(1_000).default(2_000_000_000).meta({
    description: 'the longest file of contacts or suppressed addresses that the server takes, unpacked',
    unit: 'bytes',
  }),
  BOUNCES_IMAP_URL: z.string().min(1).optional().meta({
    description: 'the mailbox that `postilion bounces` reads',
    format: 'imaps://user:password@host/INBOX',
    secret: true,
  }),
  INBOX_MONTHS: z.coerce.number().int().min(1).max(1_200).default(6).meta({
    description: 'how long webhooks and their events are kept; the keys that tell repeats apart, a month longer',
    unit: 'months',
  }),
  BODY_DAYS: z.coerce.number().int().min(1).max(36_500).default(90).meta({
    description: 'how long after its end a Task keeps the bodies it rendered',
    unit: 'days',
  }),
  ALERT_DAYS: z.coerce.number().int().min(1).max(36_500).default(90).meta({
    description: 'how long after it was resolved an alert is kept',
    unit: 'days',
  }),
  ALERT_WEBHOOK_NETWORKS: list
    .refine((given) => given.every(isNetwork), 'expected addresses, or networks such as 10.0.0.0/8')
    .meta({
      description:
        'networks that webhooks of alerts may be posted to although they are private; plain http is allowed there, too',
      format: 'addresses and networks, with commas between them: 10.0.0.0/8,192.0.2.7',
    }),
  DATABASE_MAX_BYTES: z.coerce.number().int().min(1).optional().meta({
    description: 'how large the database may become, for the alert `disk_low`',
    absent: 'only the disk of the embedded database is looked at',
    unit: 'bytes',
  }),
  REPORT_TIMEZONE: z.string().refine(isTimeZone, 'expected a time zone such as Europe/Berlin').default('UTC').meta({
    description: 'whose midnight ends the day of a report',
    format: 'a time zone such as Europe/Berlin',
  }),
  REPORT_DAYS: z.coerce.number().int().min(1).max(36_500).default(400).meta({
    description: 'how long daily reports, and the statistics by recipient domain that reports are made of, are kept',
    unit: 'days',
  }),
  GRAPHQL_INTROSPECTION: z.stringbool('expected true or false').optional().meta({
    description: 'whether clients may ask for the schema',
    format: 'true or false',
    absent: 'true, except in production',
  }),
  GRAPHQL_MAX_COST: z.coerce.number().int().min(100).default(50_000).meta({
    description: 'the most objects that one GraphQL request may answer with, by its page sizes',
  }),
  RATE_LIMIT_PER_MINUTE: z.coerce.number().int().min(1).default(60_000).meta({
    description:
      'how many GraphQL requests a token, or without one an address, may make in a minute, for each process of the server',
  }),
  METRICS_PORT: z.coerce.number().int().min(0).max(65535).optional().meta({
    description:
      'a listener for `/metrics`, `/healthz` and `/readyz` of `serve`, `work` and `start`; several on one machine need several. See [docs/metrics.md](docs/metrics.md)',
    absent: 'none',
  }),
  METRICS_HOST: z.string().default('127.0.0.1').meta({
    description: 'where it listens; `0.0.0.0`: on every network of this machine, and then set `METRICS_TOKEN`',
    format: 'an address or a name of this machine',
  }),
  METRICS_TOKEN: secret.optional().meta({
    description:
      "the bearer token that Prometheus shows; set, it opens `/metrics` at the server's own port, too, and nobody else reads them anywhere",
    format: '32 characters or more',
    secret: true,
  }),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info').meta({
    description: 'what is logged, to standard error: pretty on a terminal, JSON otherwise',
  }),
  DNS_SERVERS: list
    .refine((given) => given.every(isNameServer), 'expected addresses such as 192.0.2.53 or [2001:db8::53]:5353')
    .meta({
      description: 'the name servers that are asked for the records of sending domains',
      format: 'addresses with or without a port, with commas between them: 192.0.2.53,[2001:db8::53]:5353',
      absent: 'those of this machine',
    }),
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development').meta({
    description: 'production: the schema is not shown, and the libraries leave out what helps while developing',
  }),
});

export const secretKeys: readonly string[] = secretsAmong(keys.shape);

const schema = keys.superRefine((given, { addIssue }) => {
  const asked = given.OIDC_ISSUER !== undefined;
  for (const key of ['OIDC_CLIENT_ID', 'OIDC_REDIRECT_URL', 'OIDC_RETURN_URLS'] as const)
    if (asked && !given[key]?.length) addIssue({ code: 'custom', path: [key], message: 'needed with OIDC_ISSUER' });
});

export type Config = z.infer<typeof schema>;

/** A configuration value that can not be used; the message names each key and what was expected of it. */
export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly faults: readonly Fault[];
  constructor(message: string, faults: readonly Fault[] = []) {
    super(message);
    this.faults = faults;
  }
}

export interface Reading {
  readonly config: Config;
  /** Of the keys that are set, where from. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** What is set and looks like a key of ours, but is none. */
  readonly nearMisses: readonly NearMiss[];
}

/**
 * Reads and checks the environment and the files it names. Empty values count as absent.
 * @throws ConfigError naming every wrong key, and no value
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Reading {
  const known = Object.keys(keys.shape);
  const { values, faults } = givenValues(env, known, secretKeys);
  const parsed = schema.safeParse(Object.fromEntries([...values].map(([key, { value }]) => [key, value])));
  const wrong = [...faults, ...(parsed.error?.issues ?? []).map((issue) => faultOf(issue, values))];
  if (!parsed.success || wrong.length > 0) throw configError(wrong);
  return {
    config: parsed.data,
    origins: new Map([...values].map(([key, { origin }]) => [key, origin])),
    nearMisses: nearMisses(namesSet(env), known, secretKeys),
  };
}

/** The configuration alone. @throws ConfigError naming every wrong key, and no value */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  return readConfig(env).config;
}

function faultOf({ path: [key], message }: z.core.$ZodIssue, values: GivenValues['values']): Fault {
  const name = String(key);
  const origin = values.get(name)?.origin;
  const place = origin?.source === 'file' ? ` (from ${origin.file})` : '';
  // Our own words begin so; the library's speak of types, not of what to write.
  const own = /^(expected|needed) /.test(message);
  return { key: name, message: `${own ? message : `expected ${formatOf(keys.shape, name)}`}${place}` };
}

function configError(faults: readonly Fault[]): ConfigError {
  const lines = faults.map(({ key, message }) => `${key}: ${message}`);
  return new ConfigError(`the configuration can not be used\n  ${lines.join('\n  ')}`, faults);
}

function namesSet(env: NodeJS.ProcessEnv): string[] {
  return Object.keys(env).filter((name) => env[name]);
}

/** The environment a child process of ours gets: all of our own, with a few keys replaced. */
export function childEnvironment(overrides: Partial<Record<keyof Config, string>> = {}): NodeJS.ProcessEnv {
  return withReplaced(process.env, overrides, secretKeys);
}
