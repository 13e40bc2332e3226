import { TokenSigner } from './token.ts';
import { TRACKING_ORIGIN } from './tracking_origin.ts';

/** The two headers of RFC 8058, ready for a mail; the address still has the placeholder origin. */
export type UnsubscribeHeaders = Readonly<Record<'List-Unsubscribe' | 'List-Unsubscribe-Post', string>>;

/** Where a mail's recipient unsubscribes. It follows from the tracking id alone, so nothing needs storing. */
export function unsubscribeUrl(signer: TokenSigner, unsubscribePath: string): string {
  return `${TRACKING_ORIGIN}${unsubscribePath}/${signer.unsubscribe()}`;
}

export function unsubscribeHeaders(key: Buffer, trackingId: string, unsubscribePath: string): UnsubscribeHeaders {
  return {
    'List-Unsubscribe': `<${unsubscribeUrl(new TokenSigner(key, trackingId), unsubscribePath)}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  };
}
