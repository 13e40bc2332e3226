// In order: from whom it should be, recorded raw and committed; only after the answer is done what the source may ask for. What a body says
// is nobody's business here: one that can not be read today is replayed once it can be.
import type { WebhookRequest } from '../../providers/webhook_source.ts';
import { Patience } from '../in_time.ts';
import type { Intake } from '../intake.ts';
import { type Doorkeeper, knock, prove, Refused } from './admission.ts';
import { withoutSecrets } from './headers.ts';
import type { IncomingBody } from './incoming_body.ts';
import { type Place, root, sourceOfOpen } from './place.ts';
import type { Recording } from './recorder.ts';

type Headers = WebhookRequest['headers'];

export interface Desk {
  readonly intake: Intake;
  readonly keeper: Doorkeeper;
  /** Whether a path without a secret takes events that nothing vouches for. */
  readonly allowUnsigned: boolean;
}

/**
 * Resolves with the request once it is committed. A row that commits after this gave up comes a second time, and is told apart by its key.
 * @throws Refused; anything else is a fault of ours
 */
export async function takeIn(desk: Desk, place: Place, headers: Headers, body: IncomingBody): Promise<WebhookRequest> {
  try {
    return await admitAndRecord(desk, place, headers, body);
  } catch (error) {
    if (error instanceof Refused) note(desk, place, error, headers, body);
    throw error;
  }
}

async function admitAndRecord(
  { intake, keeper, allowUnsigned }: Desk,
  place: Place,
  headers: Headers,
  body: IncomingBody,
) {
  const { source, secret } = place;
  const patience = new Patience();
  const door = secret === null ? admitUnsigned(allowUnsigned) : await patience.with(knock(keeper, source, secret));
  const request = { headers, body: await body.readAll() };
  if (door !== null) await patience.with(prove(keeper, door, source, request));
  await patience.with(intake.record(recordingOf(place, door?.serviceId ?? null, request)));
  return request;
}

function recordingOf({ source, name, secret }: Place, serviceId: string | null, request: WebhookRequest): Recording {
  return {
    provider: source.name,
    // Without the secret: it works for whoever knows it.
    path: `${root}/${name}`,
    serviceId,
    headers: withoutSecrets(request.headers, secret),
    body: request.body,
  };
}

function note({ intake }: Desk, { name, secret }: Place, refused: Refused, headers: Headers, body: IncomingBody): void {
  const { serviceId, message: reason } = refused;
  intake.refuse({ source: name, serviceId, reason, secret, headers, body });
}

function admitUnsigned(allowUnsigned: boolean): null {
  if (allowUnsigned) return null;
  const answer = `this path takes events only where WEBHOOK_ALLOW_UNSIGNED is on; post to ${root}/${sourceOfOpen}/<secret> instead, which "postilion webhook <service>" prints`;
  throw new Refused('the path holds no secret', { answer });
}
