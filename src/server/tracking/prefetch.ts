// Browsers say when they fetch a page that nobody asked for yet. Sources: Fetch Standard, "Sec-Purpose" (Chrome, Edge, Firefox since 115);
// before it "Purpose" (Chrome), "X-Moz" (Firefox), "X-Purpose" (Safari: preview).
import type { IncomingHttpHeaders } from 'node:http';

const headers = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'] as const;
const ahead = /\b(prefetch|prerender|preview|instant)\b/i;

/** The header that says so, as "sec-purpose: prefetch"; null: somebody wants to see it now, or nothing is said. */
export function prefetchOf(given: IncomingHttpHeaders): string | null {
  for (const name of headers) {
    const value = given[name];
    if (typeof value === 'string' && ahead.test(value)) return `${name}: ${value}`;
  }
  return null;
}
