// What finds out who asks, and what begins sessions: its own few connections, as the role that may nothing else.
import type { BlockList } from 'node:net';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Config } from '../../config.ts';
import { claimsOfSession } from '../../database/access/claims_of_session.ts';
import { claimsOfToken } from '../../database/access/claims_of_token.ts';
import { createPool } from '../../database/pool.ts';
import { AccessTokens } from './access_tokens.ts';
import { Authenticator } from './authenticator.ts';
import { proxyList } from './client_address.ts';

export interface AccessOptions {
  readonly config: Pick<Config, 'TRUSTED_PROXIES'>;
  readonly url: string;
  /** 32 bytes: signs access tokens. */
  readonly key: Buffer;
  readonly log: Logger;
  /** Milliseconds of the epoch. */
  readonly now: () => number;
}

export interface Access {
  /** As postilion_authenticator. */
  readonly db: pg.Pool;
  readonly accessTokens: AccessTokens;
  readonly authenticator: Authenticator;
  /** Whose X-Forwarded-For counts. */
  readonly proxies: BlockList;
}

export function openAccess({ config, url, key, log, now }: AccessOptions): Access {
  const db = createPool({
    connectionString: url,
    applicationName: 'postilion access',
    role: 'postilion_authenticator',
    max: 4,
    onError: (error) => log.warn({ err: error }, 'a database connection broke'),
  });
  const accessTokens = new AccessTokens(key, now);
  const authenticator = new Authenticator({
    accessTokens,
    ofSession: (sessionId) => claimsOfSession(db, sessionId),
    ofToken: (hash) => claimsOfToken(db, hash),
    now,
  });
  return { db, accessTokens, authenticator, proxies: proxyList(config.TRUSTED_PROXIES) };
}
