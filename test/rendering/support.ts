// What the tests of rendering share.
import { createHash } from 'node:crypto';
import type { Fields } from '../../src/rendering/mail_fields.ts';
import {
  type CompiledTemplate,
  type CompileOptions,
  compileTemplate,
  type RenderedMail,
  type TemplateSource,
} from '../../src/rendering/template.ts';
import { verifyToken } from '../../src/rendering/token.ts';
import { TRACKING_ORIGIN } from '../../src/rendering/tracking_origin.ts';

export const trackingKey = createHash('sha256').update('a key for tests').digest();
export const trackingId = 'abcdefghijklmnop';

export const options: CompileOptions = {
  trackOpens: false,
  trackClicks: true,
  pixelPath: '/open',
  clickPath: '/click',
  unsubscribePath: '/unsubscribe',
  trackingKey,
};

type Source = string | Partial<TemplateSource>;

export function compiled(source: Source, changes: Partial<CompileOptions> = {}): CompiledTemplate {
  const parts = typeof source === 'string' ? { html: source } : source;
  const template = { id: '1', name: 'Test', subject: 'Subject', html: '', text: null, ...parts };
  return compileTemplate(template, { ...options, ...changes });
}

export function mail(source: Source, attributes: Fields = {}, changes: Partial<CompileOptions> = {}): RenderedMail {
  return compiled(source, changes).render({
    contact: { email: 'reader@example.com', attributes },
    task: { name: 'Spring' },
    sender: { name: 'Support' },
    trackingId,
  });
}

/** The HTML of a mail without tracking. */
export function plainHtml(source: Source, attributes: Fields = {}): string {
  return mail(source, attributes, { trackClicks: false }).html;
}

const clickToken = new RegExp(`${TRACKING_ORIGIN}/click/([\\w.-]+)`, 'g');

/** Puts the addresses that click tokens stand for back in their places, in <>. */
export function resolved(text: string, links: readonly string[]): string {
  return text.replace(
    clickToken,
    (_url, token: string) => `<${links[verifyToken([trackingKey], 'c', token)?.linkNumber ?? -1]}>`,
  );
}

/** HTML or text of a mail with its click tokens resolved. */
export function resolvedHtml(source: Source, attributes: Fields = {}): string {
  const { html, links } = mail(source, attributes);
  return resolved(html, links);
}

export function resolvedText(source: Source, attributes: Fields = {}): string {
  const { text, links } = mail(source, attributes);
  return resolved(text, links);
}
