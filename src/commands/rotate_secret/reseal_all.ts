// Seals anew with the present key what former ones had sealed. Killed, it begins again and finds what is left.
import { z } from 'zod';
import { type Resealed, reseal } from '../../database/keys/reseal.ts';
import { type SealedValue, sealedOtherwise } from '../../database/keys/sealed_otherwise.ts';
import type { Queryable } from '../../database/pool.ts';
import { keyIdOf, SealBroken, seal, unseal } from '../../database/sealed.ts';
import { knownKeys, type Secret } from '../../database/secret.ts';
import { accountTag } from '../../database/services/account_tag.ts';

export interface Rotation {
  readonly resealed: number;
  /** Ids of what none of the known keys opens; left as it is. */
  readonly closed: readonly string[];
}

const chunk = 100;
const credentialsSchema = z.record(z.string(), z.string());

/** @param done is told of each chunk: how many values more bear the present key */
export async function resealAll(db: Queryable, secret: Secret, done: (count: number) => void): Promise<Rotation> {
  const keyId = keyIdOf(secret.encryption);
  const closed: string[] = [];
  let resealed = 0;
  for (;;) {
    const values = await sealedOtherwise(db, keyId, closed, chunk);
    if (values.length === 0) return { resealed, closed };
    const opened = values.flatMap((value) => anew(value, secret) ?? notOpened(value, closed));
    if (opened.length === 0) continue;
    const count = await reseal(db, opened);
    resealed += count;
    done(count);
  }
}

function notOpened({ id }: SealedValue, closed: string[]): [] {
  closed.push(id);
  return [];
}

/** Null for what no known key opens. */
function anew(value: SealedValue, secret: Secret): Resealed | null {
  try {
    const object = unseal(knownKeys(secret, 'encryption'), value.id, value.sealed);
    return { value, sealed: seal(secret.encryption, value.id, object), tag: tagOf(value, object, secret) };
  } catch (error) {
    if (error instanceof SealBroken) return null;
    throw error;
  }
}

function tagOf({ provider, baseUrl }: SealedValue, object: unknown, { encryption }: Secret): Buffer | null {
  if (provider === null) return null;
  return accountTag(encryption, { provider, baseUrl, credentials: credentialsSchema.parse(object) });
}
