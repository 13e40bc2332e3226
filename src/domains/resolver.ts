import { Resolver } from 'node:dns/promises';

const timeoutMs = 3_000;
const tries = 2;

export interface ResolverOptions {
  /** Addresses with or without a port; none: those of this machine. */
  readonly servers: readonly string[];
  /** Aborted: what is under way is broken off. */
  readonly stopping?: AbortSignal;
  /** For the first try of each server; later ones wait longer. */
  readonly timeoutMs?: number;
}

export function openResolver({ servers, stopping, timeoutMs: timeout = timeoutMs }: ResolverOptions): Resolver {
  const resolver = new Resolver({ timeout, tries });
  if (servers.length > 0) resolver.setServers(servers);
  stopping?.addEventListener('abort', () => resolver.cancel(), { once: true });
  return resolver;
}
