import type { Access } from '../access/access.ts';
import type { Visit } from '../access/visit.ts';
import type { Listener } from './listener.ts';

/** What plans find in the context of every operation, besides the database. */
export interface ServerContext {
  readonly listener: Listener;
  /** 32 bytes: seals provider credentials. */
  readonly encryptionKey: Buffer;
  readonly access: Access;
}

/** And what is this operation's own. */
interface OperationContext extends ServerContext {
  readonly visit: Visit;
}

declare global {
  namespace Grafast {
    interface Context extends OperationContext {}
  }
}
