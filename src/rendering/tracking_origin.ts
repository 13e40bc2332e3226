// Mails are rendered before the sending service, hence the tracking host, is known. Until the hand-over every link of ours
// begins with this origin; ".invalid" (RFC 2606) never resolves, so a mail that escaped unbound would leak nothing.

export const TRACKING_ORIGIN = 'https://tracking.postilion.invalid';

/** Puts the service's own origin (without a trailing "/") into HTML, plain text or a header's value. */
export function bindTrackingOrigin(text: string, origin: string): string {
  return text.replaceAll(TRACKING_ORIGIN, () => origin);
}

/** Whether an address is one of our own tracking or unsubscribe links. */
export function isTrackingAddress(address: string): boolean {
  return address === TRACKING_ORIGIN || address.startsWith(`${TRACKING_ORIGIN}/`);
}
