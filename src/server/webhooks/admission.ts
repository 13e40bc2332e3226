// Who may have a webhook recorded: whoever knows the secret of a service's path and, where the service has signing secrets of the source,
// holds one of them.
import { z } from 'zod';
import { unseal } from '../../database/sealed.ts';
import type { FoundDoor, SealedSigningSecret } from '../../database/webhooks/find_webhook_doors.ts';
import type { Circumstances, WebhookRequest, WebhookSource } from '../../providers/webhook_source.ts';
import type { Doors } from './doors.ts';

/** A request that may not come in. The message is for us, never for whoever sent it: it would tell which of two proofs was wrong. */
export class Refused extends Error {
  override name = 'Refused';
  /** What its secret led to, as far as it did. */
  readonly serviceId: string | null;
  /** It came without a secret, where none is needed. */
  readonly unsigned: boolean;

  constructor(
    reason: string,
    { serviceId = null, unsigned = false }: { serviceId?: string | null; unsigned?: boolean } = {},
  ) {
    super(reason);
    this.serviceId = serviceId;
    this.unsigned = unsigned;
  }
}

export interface Doorkeeper {
  readonly doors: Doors;
  /** 32 bytes: opens signing secrets. */
  readonly encryptionKey: Buffer;
  readonly circumstances: () => Circumstances;
}

/**
 * @returns the service whose webhook it is
 * @throws Refused; anything else is a fault of ours, and the sender is to come again
 */
export async function admit(
  { doors, encryptionKey, circumstances }: Doorkeeper,
  source: WebhookSource,
  secret: string,
  request: WebhookRequest,
): Promise<string> {
  const door = await doors.find(secret);
  if (door === null) throw new Refused('the secret of the path is not known');
  const sealed = door.signingSecrets.filter((each) => each.source === source.name);
  // A source that signs nothing has its say all the same: one that we write ourselves refuses whoever posts for it.
  if (sealed.length === 0 && source.signingSecret !== null) return door.serviceId;
  const secrets = opened(sealed, encryptionKey);
  const haveExpired = sealed.length > 0 && secrets.length === 0;
  const fault = haveExpired
    ? 'all signing secrets have expired'
    : await source.verify(request, secrets, circumstances());
  if (fault !== null) throw new Refused(fault, { serviceId: door.serviceId });
  return door.serviceId;
}

/** @throws SealBroken when the server has another POSTILION_SECRET than the one that sealed them */
function opened(sealed: FoundDoor['signingSecrets'], key: Buffer): string[] {
  return sealed.flatMap((each) => (each.sealed === null ? [] : [openedOnce(each, each.sealed, key)]));
}

/** A door is kept for seconds, its secrets are opened once. */
const known = new WeakMap<SealedSigningSecret, string>();

function openedOnce(secret: SealedSigningSecret, sealed: Buffer, key: Buffer): string {
  const earlier = known.get(secret);
  if (earlier !== undefined) return earlier;
  const text = z.string().parse(unseal(key, secret.id, sealed));
  known.set(secret, text);
  return text;
}
