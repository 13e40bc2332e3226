// Who may have a webhook recorded: whoever knows the secret of a service's path, posts as a source that is expected there and, where the
// service has signing secrets, holds one of that source's.
import { z } from 'zod';
import { unseal } from '../../database/sealed.ts';
import type { FoundDoor, SealedSigningSecret } from '../../database/webhooks/find_webhook_doors.ts';
import type { Circumstances, WebhookRequest, WebhookSource } from '../../providers/webhook_source.ts';
import type { Doors } from './doors.ts';

const notRight = 'the secret in the path or the signature is not right';

/** A request that may not come in. The message is for us, not for whoever sent it: it would tell which of two proofs was wrong. */
export class Refused extends Error {
  override name = 'Refused';
  /** What its secret led to, as far as it did. */
  readonly serviceId: string | null;
  /** What whoever sent it is told. */
  readonly answer: string;

  constructor(
    reason: string,
    { serviceId = null, answer = notRight }: { serviceId?: string | null; answer?: string } = {},
  ) {
    super(reason);
    this.serviceId = serviceId;
    this.answer = answer;
  }
}

export interface Doorkeeper {
  readonly doors: Doors;
  /** They open signing secrets. */
  readonly encryptionKeys: readonly Buffer[];
  readonly circumstances: () => Circumstances;
}

/**
 * The door that this secret opens for this source.
 * @throws Refused; anything else is a fault of ours, and the sender is to come again
 */
export async function knock({ doors }: Doorkeeper, source: WebhookSource, secret: string): Promise<FoundDoor> {
  const door = await doors.find(secret);
  if (door === null) throw new Refused('the secret of the path is not known');
  checkExpected(door, source);
  return door;
}

/** @throws Refused where a signature could be got round by the name of a source that needs none, or that nobody meant to post there */
function checkExpected(
  { serviceId, provider, source: chosen, signingSecrets }: FoundDoor,
  source: WebhookSource,
): void {
  const { name, needsSigningSecret, signingSecret } = source;
  if (signingSecrets.some((each) => each.source === name)) return;
  if (needsSigningSecret === true) {
    const reason = `set the ${signingSecret} of "${name}" as a signing secret of the service first: without it nothing can be verified`;
    throw new Refused(reason, { serviceId, answer: reason });
  }
  if (signingSecrets.length > 0) throw new Refused(`of "${name}" the service has no signing secret`, { serviceId });
  if (name !== provider && name !== chosen) throw new Refused(`"${name}" is not who posts there`, { serviceId });
}

/**
 * That the request comes from who holds a signing secret, where the service has one.
 * @throws Refused; anything else is a fault of ours, and the sender is to come again
 */
export async function prove(
  { encryptionKeys, circumstances }: Doorkeeper,
  { serviceId, signingSecrets }: FoundDoor,
  source: WebhookSource,
  request: WebhookRequest,
): Promise<void> {
  const sealed = signingSecrets.filter((each) => each.source === source.name);
  // A source that signs nothing has its say all the same: one that we write ourselves refuses whoever posts for it.
  if (sealed.length === 0 && source.signingSecret !== null) return;
  const secrets = opened(sealed, encryptionKeys);
  const haveExpired = sealed.length > 0 && secrets.length === 0;
  const fault = haveExpired
    ? 'all signing secrets have expired'
    : await source.verify(request, secrets, circumstances());
  if (fault !== null) throw new Refused(fault, { serviceId });
}

/** @throws SealBroken when the server does not know the POSTILION_SECRET that sealed them */
function opened(sealed: FoundDoor['signingSecrets'], keys: readonly Buffer[]): string[] {
  return sealed.flatMap((each) => (each.sealed === null ? [] : [openedOnce(each, each.sealed, keys)]));
}

/** A door is kept for seconds, its secrets are opened once. */
const known = new WeakMap<SealedSigningSecret, string>();

function openedOnce(secret: SealedSigningSecret, sealed: Buffer, keys: readonly Buffer[]): string {
  const earlier = known.get(secret);
  if (earlier !== undefined) return earlier;
  const text = z.string().parse(unseal(keys, secret.id, sealed));
  known.set(secret, text);
  return text;
}
