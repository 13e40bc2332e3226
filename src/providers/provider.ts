// The contract between the queue and a sending service's API. A provider knows HTTP or SMTP and nothing of the database:
// it is handed one finished mail and answers with one of five outcomes.

/** One mail, complete: nothing is rendered or looked up after this. */
export interface Mail {
  readonly subTaskId: string;
  /** Idempotency key given to the provider: SubTask id + "." + number of definite refusals so far. At most 128 characters. */
  readonly requestId: string;
  readonly from: { readonly address: string; readonly name: string | null };
  readonly to: string;
  readonly replyTo: string | null;
  /** Where bounces of this mail go, an address of its own; null: to the sender. For providers that take one. */
  readonly returnPath: string | null;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** Extra headers, such as List-Unsubscribe. Names as they shall appear; values without line breaks. */
  readonly headers: Readonly<Record<string, string>>;
  /** In order. The same array for every mail of a Task, so that what is made of it once may be kept. */
  readonly attachments: readonly Attachment[];
  /** Echoed by the provider in its webhooks. Keys without ".". */
  readonly customArgs: Readonly<Record<string, string>>;
  /** Ours is on, so the provider's own is switched off. */
  readonly tracked: { readonly opens: boolean; readonly clicks: boolean };
}

/** A file, as it shall arrive: byte for byte, to be saved under its name. */
export interface Attachment {
  /** Without path and control characters. */
  readonly name: string;
  /** Type and subtype, without parameters; neither message/* nor multipart/*. */
  readonly contentType: string;
  readonly content: Buffer;
}

/** What a hand-over came to. Exactly one of these; a provider never throws for something the wire did. */
export type Outcome =
  /** The provider took the mail. `messageId` is what its webhooks will name, null when it gave none. */
  | { readonly kind: 'accepted'; readonly messageId: string | null; readonly response: string }
  /** Refused for good: this address or this mail, whichever service tries. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  /** Refused for now: the same mail may be accepted later. Nothing left the provider. */
  | { readonly kind: 'deferred'; readonly code: string; readonly message: string; readonly retryAfterMs: number | null }
  /** The service itself can't send (authentication, balance, quota, no connection): freeze it, the mail goes to another. Nothing left the provider. */
  | { readonly kind: 'unusable'; readonly code: string; readonly message: string; readonly reason: UnusableReason }
  /** No trustworthy answer after the request may have been written: the provider may have accepted it. */
  | { readonly kind: 'unknown'; readonly code: string; readonly message: string };

export type UnusableReason = 'authentication' | 'balance' | 'quota' | 'configuration' | 'unreachable';

/** One open connection (pool) to one account of one provider. */
export interface Sender {
  /**
   * Hands one mail over. Resolves within `timeoutMs` (plus a moment); never rejects for a fault of the wire.
   * The time runs from `since` (performance.now() ms; default: now), and once it is up nothing is written: whoever was stopped after a last look
   * at its lease, however shortly, must not write when it wakes.
   */
  send(mail: Mail, timeoutMs: number, since?: number): Promise<Outcome>;
  /** The provider's own record of what it took; absent where it keeps none that can be asked. */
  readonly lookUp?: LookUp;
  /** Lets go of sockets. */
  close(): Promise<void>;
}

/** A provider's own record of what it took from one account. */
export interface LookUp {
  /** The account, for people and to be compared: those who share it share its limit. No secret. */
  readonly account: string;
  /** How many calls the provider allows the account in a minute. */
  readonly callsPerMinute: number;
  /**
   * All that the record has of these addresses in these periods, or of the days they lie in: whole, or not at all.
   * @throws LookUpError when the provider doesn't answer, or not as expected; and whatever `beforeCall` throws.
   */
  find(question: Question): Promise<TakenMail[]>;
  /** Whose webhooks the answers of `statuses` read like (webhook_sources.ts). */
  readonly source: string;
  /**
   * What became of mails whose ids are known: the record's answers as they came, without those that tell nothing. What it can't be asked is
   * left out.
   * @throws LookUpError when the provider doesn't answer, or not as expected; and whatever `beforeCall` throws.
   */
  statuses(question: StatusQuestion): AsyncIterable<Buffer>;
}

export interface Question {
  /** In lower case. */
  readonly recipients: ReadonlySet<string>;
  readonly periods: readonly Period[];
  /** Of one call. */
  readonly timeoutMs: number;
  /** Awaited before each call: the asker's pace. */
  beforeCall(): Promise<void>;
}

export interface StatusQuestion extends Omit<Question, 'recipients' | 'periods'> {
  readonly mails: readonly KnownMail[];
}

/** A mail that the provider took, and the period in which it did. */
export interface KnownMail extends Period {
  /** As `accepted.messageId` gave it. */
  readonly messageId: string;
}

export interface Period {
  readonly from: Date;
  readonly until: Date;
}

/** A mail in a provider's record. */
export interface TakenMail {
  /** In lower case. */
  readonly recipient: string;
  /** As `accepted.messageId` would have given it. */
  readonly messageId: string;
  /** When the provider took it, by its own clock. */
  readonly takenAt: Date;
}

export class LookUpError extends Error {
  override name = 'LookUpError';
}

/** The part of an email_services row a provider needs, with its credentials decrypted. */
export interface Account {
  readonly serviceId: string;
  /** The sending domain. */
  readonly domain: string;
  /** Root of the provider's API, without a trailing "/". Null: the provider's default. */
  readonly baseUrl: string | null;
  /** Secrets by name, such as `apiUser` and `apiKey`. */
  readonly credentials: Readonly<Record<string, string>>;
}

export interface Provider {
  /** As in email_services.provider. */
  readonly name: string;
  /** There is no default address: the service must name one. */
  readonly needsBaseUrl: boolean;
  /** It remembers request ids for an hour at least: a mail handed over again under the same one is taken once. */
  readonly remembersRequestIds: boolean;
  /** Bounces go where `Mail.returnPath` says; otherwise the provider receives them itself and reports them. */
  readonly takesReturnPaths: boolean;
  /** Checks credentials' shape before they are stored. @returns the names of what is missing, empty when it can be used. */
  missingCredentials(credentials: Readonly<Record<string, string>>): string[];
  open(account: Account): Sender;
}
