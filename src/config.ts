// The only reader of process.env. Everything else takes what it needs as a parameter.
import { isIP } from 'node:net';
import { z } from 'zod';

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

/** Every key Postilion reads from the environment, with its unit and default. */
const keys = z.object({
  /** PostgreSQL 15 to 18. Absent: the embedded server, its data under POSTILION_DATA_DIR. */
  DATABASE_URL: z.string().min(1).optional(),
  /**
   * For `serve` and `start`: the same database, by a login that may become postilion_authenticator and nothing more. Absent: the server logs
   * in by DATABASE_URL and becomes postilion_authenticator of its own will; the embedded database gives it a login by itself.
   */
  SERVER_DATABASE_URL: z.string().min(1).optional(),
  /** Where the embedded database and the generated secret live. */
  POSTILION_DATA_DIR: z.string().min(1).optional(),
  /** Encrypts provider credentials and signs tracking links; 32 characters or more. Absent: generated once and kept in the data directory. */
  POSTILION_SECRET: secret.optional(),
  /** Secrets that POSTILION_SECRET had before, comma separated: what they sealed still opens, and the links they signed stay valid. */
  POSTILION_PREVIOUS_SECRETS: secrets.default([]),
  /** 0.0.0.0: every network of this machine; then TLS belongs in front. */
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65535).default(5678),
  /** Whose X-Forwarded-For tells a client's address: addresses and networks (10.0.0.0/8), separated by commas. Absent: nobody's. */
  TRUSTED_PROXIES: list.refine((given) => given.every(isNetwork), 'expected addresses, or networks such as 10.0.0.0/8'),
  /** Other origins whose pages may use the API: https://app.example.com, separated by commas. */
  CORS_ORIGINS: list.refine((given) => given.every(isOrigin), 'expected origins such as https://app.example.com'),
  /** What the admin signs in with whom the first start makes. */
  ADMIN_EMAIL: z
    .string()
    .regex(/^[^@\s]+@[^@\s]+$/, 'expected a mail address')
    .default('admin@localhost'),
  /** Whom people may sign in by, besides passwords: the issuer of an OpenID Connect provider, as the provider writes it. See docs/access.md. */
  OIDC_ISSUER: z
    .url({ protocol: /^https?$/, error: 'expected an https address' })
    .refine(isConfidential, 'expected an https address; http on this machine alone')
    .optional(),
  OIDC_CLIENT_ID: z.string().min(1).optional(),
  /** Absent: the provider knows us as a public client. */
  OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  OIDC_SCOPES: z
    .string()
    .regex(/(^| )openid( |$)/, 'expected openid among them')
    .default('openid email'),
  /** Where the provider sends browsers back to, as it was told: the public address of this server and /api/auth/oidc/callback. */
  OIDC_REDIRECT_URL: z
    .string()
    .refine(
      (given) => isPlainAddress(given) && given.endsWith(oidcCallback),
      `expected an address that ends in ${oidcCallback}`,
    )
    .optional(),
  /** The pages that a browser may be sent on to with a code for a session, separated by commas: origins, or single addresses. */
  OIDC_RETURN_URLS: list.refine(
    (given) => given.every(isPlainAddress),
    'expected origins or addresses such as https://app.example.com/signed-in',
  ),
  /** Base address of pixel, click and unsubscribe links of a service that has no tracking address of its own. Absent: the server's own address. */
  TRACKING_BASE_URL: url.optional(),
  TRACKING_PIXEL_PATH: path.default('/api/tracking/open'),
  TRACKING_CLICK_PATH: path.default('/api/tracking/click'),
  TRACKING_UNSUBSCRIBE_PATH: path.default('/api/tracking/unsubscribe'),
  /** Default interval of a new service, in seconds. 0: rated instead of paced. */
  QUEUE_INTERVAL_SECONDS: z.coerce.number().min(0).max(86_400).default(10),
  /** Smallest generation batch, in recipients. */
  QUEUE_BATCH_SIZE: z.coerce.number().int().min(1).max(10_000).default(100),
  /** Local part of the address of a new sender. */
  DEFAULT_SENDER_NAME: localPart.default('support'),
  /** So many soft bounces in a row suppress an address, until a mail to it is delivered after all. */
  SOFT_BOUNCE_LIMIT: z.coerce.number().int().min(1).max(100).default(5),
  /** How many days the ledger of changes and the audit trail of repairs are kept. */
  LEDGER_DAYS: z.coerce.number().int().min(1).default(90),
  /** Whether /api/webhooks/mail-event, whose path holds no secret, takes events that nothing vouches for. */
  WEBHOOK_ALLOW_UNSIGNED: z.stringbool('expected true or false').default(false),
  /** The longest body of a webhook, in bytes. */
  WEBHOOK_MAX_BYTES: z.coerce.number().int().min(1_000).max(50_000_000).default(1_000_000),
  /** The longest file of contacts or suppressed addresses that the server takes, in bytes, unpacked. */
  BULK_MAX_BYTES: z.coerce.number().int().min(1_000).default(2_000_000_000),
  /** The mailbox that `postilion bounces` reads: imaps://user:password@host/INBOX. */
  BOUNCES_IMAP_URL: z.string().min(1).optional(),
  /** How many months webhooks and the events in them are kept; their keys a month longer. */
  INBOX_MONTHS: z.coerce.number().int().min(1).max(1_200).default(6),
  /** How many days after its end a Task keeps the bodies it rendered. */
  BODY_DAYS: z.coerce.number().int().min(1).max(36_500).default(90),
  /** How many days after it was resolved an alert is kept. */
  ALERT_DAYS: z.coerce.number().int().min(1).max(36_500).default(90),
  /** Whether clients may ask for the schema. Absent: they may, except in production. */
  GRAPHQL_INTROSPECTION: z.stringbool('expected true or false').optional(),
  /** The most objects that one GraphQL request may answer with, by its page sizes. */
  GRAPHQL_MAX_COST: z.coerce.number().int().min(100).default(50_000),
  /** How many GraphQL requests a token, or without one an address, may make in a minute, for each process of the server. */
  RATE_LIMIT_PER_MINUTE: z.coerce.number().int().min(1).default(60_000),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
});

const schema = keys.superRefine((given, { addIssue }) => {
  const asked = given.OIDC_ISSUER !== undefined;
  for (const key of ['OIDC_CLIENT_ID', 'OIDC_REDIRECT_URL', 'OIDC_RETURN_URLS'] as const)
    if (asked && !given[key]?.length) addIssue({ code: 'custom', path: [key], message: 'needed with OIDC_ISSUER' });
});

export type Config = z.infer<typeof schema>;

/** A configuration value that can not be used; the message names each key and what was expected of it. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/**
 * Reads and checks the environment. Empty values count as absent.
 * @throws ConfigError naming every wrong key.
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse(present);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new ConfigError(`the configuration can not be used\n  ${faults.join('\n  ')}`);
}

/** The environment a child process of ours gets: all of our own, with a few keys replaced. */
export function childEnvironment(overrides: Partial<Record<keyof Config, string>> = {}): NodeJS.ProcessEnv {
  return { ...process.env, ...overrides };
}
