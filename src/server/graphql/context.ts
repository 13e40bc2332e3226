import type { Listener } from './live/listener.ts';

/** What plans find in the context of a request, besides the database. */
export interface ServerContext {
  readonly listener: Listener;
  /** 32 bytes: seals provider credentials. */
  readonly encryptionKey: Buffer;
}

declare global {
  namespace Grafast {
    interface Context extends ServerContext {}
  }
}
