// RFC 6376, 3.6.1: the public key under <selector>._domainkey.<domain>; RFC 8301: 1024 bits at least, 2048 better; RFC 8463: Ed25519.
import { createPublicKey } from 'node:crypto';
import type { Answer } from './answer.ts';
import { about, type Finding } from './finding.ts';
import { tagsOf } from './tags.ts';

const leastBits = 1024;
const goodBits = 2048;
const ed25519Bytes = 32;

export function dkimName(selector: string, domain: string): string {
  return `${selector.toLowerCase()}._domainkey.${domain}`;
}

/** Where nobody said which key the provider signs with. */
export function dkimNotKnown(domain: string): Finding {
  return about('dkim', domain).warning(
    'Nobody said which DKIM key its provider signs with, so none was looked up.',
    "Set the service's dkimSelector: the provider's console shows it, before ._domainkey.",
  );
}

export function judgeDkim(name: string, answer: Answer<string>): Finding[] {
  const say = about('dkim', name);
  if (answer.state === 'unknown') return [say.unknown(`The TXT record of ${name}`, answer.why)];
  const remedy = `Add the record for ${name} that the provider's console shows, or mend dkimSelector.`;
  if (answer.state === 'none') return [say.bad('There is no DKIM key.', remedy)];
  const [text = '', ...others] = answer.records;
  if (others.length > 0)
    return [say.bad('There are several DKIM records under one name.', 'Leave the one that the provider shows.')];
  const tags = tagsOf(text);
  const key = tags?.get('p');
  if (tags === null || key === undefined || !/^(DKIM1)?$/.test(tags.get('v') ?? ''))
    return [say.bad('The record is no DKIM key.', remedy)];
  if (key === '') return [say.bad('The DKIM key was revoked: its p= is empty.', remedy)];
  return [...keyFindings(tags.get('k') ?? 'rsa', Buffer.from(key, 'base64'), say, remedy), ...testing(tags, say)];
}

type Say = ReturnType<typeof about>;

function keyFindings(kind: string, key: Buffer, say: Say, remedy: string): Finding[] {
  if (kind === 'ed25519')
    return key.length === ed25519Bytes
      ? [say.ok('An Ed25519 key; receivers that do not know it need an RSA one beside it.')]
      : [say.bad('The Ed25519 key can not be read.', remedy)];
  if (kind !== 'rsa') return [say.bad(`The key is of a kind that receivers do not know: ${kind}.`, remedy)];
  const bits = rsaBits(key);
  if (bits === null) return [say.bad('The RSA key can not be read: a part of it may be missing.', remedy)];
  if (bits < leastBits)
    return [
      say.bad(
        `The key has ${bits} bits; receivers take none under ${leastBits}.`,
        `Have the provider make one of ${goodBits} bits.`,
      ),
    ];
  if (bits < goodBits)
    return [
      say.warning(
        `The key has ${bits} bits; ${goodBits} are advised.`,
        `Have the provider make one of ${goodBits} bits.`,
      ),
    ];
  return [say.ok(`An RSA key of ${bits} bits.`)];
}

function testing(tags: ReadonlyMap<string, string>, say: Say): Finding[] {
  const flags = (tags.get('t') ?? '').split(':').map((flag) => flag.trim());
  if (!flags.includes('y')) return [];
  return [
    say.warning('The key says that it is being tried (t=y): receivers may heed no signature.', 'Take t=y out of it.'),
  ];
}

/** Most publish a SubjectPublicKeyInfo, as the RFC's example is; its grammar says RSAPublicKey. */
function rsaBits(key: Buffer): number | null {
  for (const type of ['spki', 'pkcs1'] as const) {
    try {
      const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey({ key, format: 'der', type });
      if (asymmetricKeyType === 'rsa') return asymmetricKeyDetails?.modulusLength ?? null;
    } catch {}
  }
  return null;
}
