// Whether a message comes from one of our topics, by Amazon's RSA signature. Any account of Amazon's can have a message of its own signed, so the
// topic is what a service is pinned to; the signature proves that the topic named is the one it came from.
import { verify } from 'node:crypto';
import { certificateAddress } from './sns_address.ts';
import type { SnsCertificates } from './sns_certificates.ts';
import { canonicalText, type SnsMessage, snsMessageIn } from './sns_message.ts';
import { isSame, passesAny, SIGNATURE_WINDOW_MS } from './webhook_signature.ts';
import type { Circumstances, WebhookRequest } from './webhook_source.ts';

/** By SignatureVersion. A topic signs with 1 unless it is told otherwise. */
const DIGESTS: ReadonlyMap<string, string> = new Map([
  ['1', 'sha1'],
  ['2', 'sha256'],
]);

/** A repeat carries the time of the first attempt, and no delivery policy of SNS's goes on for longer. */
const MAX_RETRY_MS = 3_600_000;

/** @throws Error when the certificate could not be had for now: nothing is known of the signature then. */
export async function verifySnsMessage(
  request: WebhookRequest,
  topics: readonly string[],
  certificates: SnsCertificates,
  { now, fetch }: Circumstances,
): Promise<string | null> {
  const message = snsMessageIn(request.body);
  if (message === null) return 'this is no message of Amazon SNS';
  const address = certificateAddress(message.SigningCertURL);
  const digest = DIGESTS.get(message.SignatureVersion);
  if (topics.length === 0) return 'no topic is set, and anybody can have a message signed for one of their own';
  if (!passesAny(topics, (topic) => isSame(topic, message.TopicArn)))
    return 'the message is not from the topic it should be';
  if (!isTimely(message, now)) return 'Timestamp is more than an hour ago, or ahead of now';
  if (digest === undefined) return 'SignatureVersion is neither 1 nor 2';
  if (address === null) return 'SigningCertURL is not an address of Amazon SNS';
  const key = await certificates.keyAt(address, fetch);
  if (key === null) return 'there is no certificate at SigningCertURL';
  const signature = bytesOf(message.Signature);
  const fits = signature !== null && verify(digest, Buffer.from(canonicalText(message)), key, signature);
  return fits ? null : 'Signature does not match';
}

function isTimely({ Timestamp }: SnsMessage, now: Date): boolean {
  const age = now.getTime() - Date.parse(Timestamp);
  return age >= -SIGNATURE_WINDOW_MS && age <= MAX_RETRY_MS + SIGNATURE_WINDOW_MS;
}

/** Written in the one way there is, so that no two texts are the same signature. */
function bytesOf(base64: string): Buffer | null {
  const bytes = Buffer.from(base64, 'base64');
  return bytes.toString('base64') === base64 ? bytes : null;
}
