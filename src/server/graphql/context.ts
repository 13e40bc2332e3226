import type { MailMaker } from '../../tasks/preview.ts';
import type { Listener } from './listener.ts';

/** What plans find in the context of a request, besides the database. */
export interface ServerContext {
  readonly listener: Listener;
  /** 32 bytes: seals provider credentials. */
  readonly encryptionKey: Buffer;
  /** Renders previews and test mails. */
  readonly mailMaker: MailMaker;
}

declare global {
  namespace Grafast {
    interface Context extends ServerContext {}
  }
}
