import { Parser } from 'htmlparser2';
import { isTrackingAddress } from './tracking_origin.ts';

const simple: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#34;': '"',
  '&#39;': "'",
};
const simpleReference = /&(?:amp|lt|gt|quot|#34|#39);/g;
/** Numeric references, and named ones other than the simple: `&name` before "=" or a letter is plain text in an attribute. */
const otherReference = /&(?:#(?!3[49];)|(?!(?:amp|lt|gt|quot);)[a-z][a-z0-9]*(?![a-z0-9=]))/i;

/** What a browser reads in an attribute's value as it stands in HTML. */
export function decodeAttribute(value: string): string {
  if (!value.includes('&')) return value;
  if (otherReference.test(value)) return parseAttribute(value);
  return value.replace(simpleReference, (reference) => simple[reference] ?? reference);
}

/** The whole of HTML's references; slow, but templates hardly ever write others than the simple. */
function parseAttribute(value: string): string {
  let decoded = '';
  const parser = new Parser({
    onattribute(_name, data) {
      decoded = data;
    },
  });
  parser.end(`<a href="${value.replaceAll('"', '&quot;')}">`);
  return decoded;
}

const web = /^https?:\/\//i;

/** The address to record and redirect to, or null for what a click can not be counted on: only http and https, and never our own links. */
export function trackableAddress(decoded: string): string | null {
  // As browsers do.
  const address = decoded.trim().replace(/[\t\n\r]+/g, '');
  return web.test(address) && !isTrackingAddress(address) && URL.canParse(address) ? address : null;
}
