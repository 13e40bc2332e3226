// In order: from whom it should be, recorded raw and committed; only after the answer is done what the source may ask for. What a body says
// is nobody's business here: one that can not be read today is replayed once it can be.
import type { WebhookRequest } from '../../providers/webhook_source.ts';
import { inTime } from '../in_time.ts';
import type { Intake } from '../intake.ts';
import { admit, type Doorkeeper, Refused } from './admission.ts';
import { withoutSecrets } from './headers.ts';
import { type Place, root } from './place.ts';

export interface Desk {
  readonly intake: Intake;
  readonly keeper: Doorkeeper;
  /** Whether a path without a secret takes events that nothing vouches for. */
  readonly allowUnsigned: boolean;
}

/**
 * Resolves once the request is committed. A row that commits after this gave up comes a second time, and is told apart by its key.
 * @throws Refused; anything else is a fault of ours
 */
export async function takeIn(desk: Desk, place: Place, request: WebhookRequest): Promise<void> {
  await inTime(admitAndRecord(desk, place, request));
}

async function admitAndRecord(desk: Desk, place: Place, request: WebhookRequest): Promise<void> {
  const serviceId = await admitOrNote(desk, place, request);
  await desk.intake.record({
    provider: place.source.name,
    // Without the secret: it works for whoever knows it.
    path: `${root}/${place.name}`,
    serviceId,
    headers: withoutSecrets(request.headers, place.secret),
    body: request.body,
  });
}

async function admitOrNote(desk: Desk, place: Place, request: WebhookRequest): Promise<string | null> {
  try {
    return place.secret === null ? admitUnsigned(desk) : await admit(desk.keeper, place.source, place.secret, request);
  } catch (error) {
    if (error instanceof Refused) {
      const { serviceId, message: reason } = error;
      desk.intake.refuse({ source: place.name, serviceId, reason, secret: place.secret, request });
    }
    throw error;
  }
}

function admitUnsigned({ allowUnsigned }: Desk): null {
  if (allowUnsigned) return null;
  throw new Refused('the path holds no secret', { unsigned: true });
}
