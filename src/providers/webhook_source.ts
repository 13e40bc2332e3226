// The contract between the inbox and those who tell us what became of a mail: providers, our own tracking links, bounces that come by mail.
// A source knows its format and its signature, and nothing of the database.

/** What happened to a mail, in one form for every source. */
export type MailEventKind =
  | 'sent'
  | 'delivered'
  | 'deferred'
  | 'soft_bounce'
  | 'hard_bounce'
  | 'complaint'
  | 'open'
  | 'click'
  | 'unsubscribe'
  | 'failed'
  | 'other';

export interface MailEvent {
  readonly kind: MailEventKind;
  /** ISO 8601, or null when the provider didn't say (or said nonsense): then the time of receipt counts. */
  readonly occurredAt: string | null;
  /** Same event again, same key; unique within the source, or, with `keysAreTheSenders`, within what comes in by one service's path. */
  readonly dedupeKey: string;
  readonly subTaskId: string | null;
  /** Where that id stood: in the arguments that we gave along with the mail, or elsewhere (in arguments written as text, in a header of ours). */
  readonly subTaskIdFrom: 'custom_args' | 'payload' | null;
  /** As `accepted.messageId` gave it. */
  readonly messageId: string | null;
  readonly trackingId: string | null;
  /** An address in lower case. */
  readonly recipient: string | null;
  /** true: by a robot or privacy proxy; false: by a person; null: unknown. */
  readonly machine: boolean | null;
  /** Whatever helps a person: reason, url, ip, user agent. Small. */
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
}

/** A request as it came, before it is recorded and as it is read back from the inbox. */
export interface WebhookRequest {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

export interface Circumstances {
  readonly now: Date;
  /** For sources whose signatures or subscriptions need an answer from elsewhere. */
  readonly fetch: typeof fetch;
}

export interface WebhookSource {
  /** As in the path of the webhook and in event_logs.provider. */
  readonly name: string;
  /** What its signing secret is called at the provider, for people; null: it signs nothing, the secret in the path is all there is. */
  readonly signingSecret: string | null;
  /** Without its signing secret nobody may post: the path's secret is not enough. */
  readonly needsSigningSecret?: true;
  /** Written by ourselves alone: no path of a webhook leads to it. */
  readonly isOurOwn?: true;
  /** Its dedupe keys are made up by each sender for itself, so they tell events apart only together with the service. Otherwise they are the provider's. */
  readonly keysAreTheSenders?: true;
  /**
   * Whether the bytes come from the holder of one of these secrets (several while one is being replaced), in constant time, and lately.
   * @returns null when they do, otherwise why not, for people: no secret, nothing of the body.
   * @throws Error when that can't be told for now, because somebody else had to be asked: the sender shall try again.
   */
  verify(
    request: WebhookRequest,
    secrets: readonly string[],
    circumstances: Circumstances,
  ): string | null | Promise<string | null>;
  /**
   * Reads a raw body, which may hold none, one or many events. Unknown kinds come back as `other`.
   * @throws WebhookParseError when the body is not what this source sends at all; it is recorded already.
   */
  parse(request: WebhookRequest): MailEvent[];
  /** What an authentic request asks of us beyond being recorded, such as to confirm a subscription. Called after it is committed. */
  answer?(request: WebhookRequest, circumstances: Circumstances): Promise<void>;
}

export class WebhookParseError extends Error {
  override name = 'WebhookParseError';
}
