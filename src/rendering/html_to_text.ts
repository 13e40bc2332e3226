// html-to-text, set up for newsletters. It runs once a template; Liquid and tracked addresses pass through it as marks.
import { compile, type DomNode, type FormatCallback, type SelectorDefinition } from 'html-to-text';

// Noncharacters of Unicode: no template has them, no parser minds them.
const markBegin = '\uFDD0';
const markEnd = '\uFDD1';

/** t: a Liquid tag; o: an output; a: an anchor's address. */
export type MarkKind = 't' | 'o' | 'a';

export type TextItem = string | { readonly kind: MarkKind; readonly number: number };

export const mark = (kind: MarkKind, number: number): string => `${markBegin}${kind}${number}${markEnd}`;

const anyMark = /\uFDD0([toa])(\d+)\uFDD1/;
/** Liquid tags alone on their lines, with the line breaks around. */
const loneTags = /(^|\n+)[ \t]*((?:\uFDD0t\d+\uFDD1\s*)*\uFDD0t\d+\uFDD1)[ \t]*(\n+|$)/g;

const altText: FormatCallback = (image, _walk, builder) => {
  builder.addInline(attribute(image, 'alt'));
};

function attribute(element: DomNode, name: string): string {
  const value: unknown = element.attribs?.[name];
  return typeof value === 'string' ? value : '';
}

const skipped = ['head', '[hidden]', '[style*="display:none"]', '[style*="display: none"]'];
const headings = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'];

const selectors: SelectorDefinition[] = [
  ...headings.map((selector) => ({ selector, options: { uppercase: false, leadingLineBreaks: 2 } })),
  { selector: 'a', options: { hideLinkHrefIfSameAsText: true } },
  { selector: `a[href^="${markBegin}"]`, format: 'anchor', options: { linkBrackets: false } },
  { selector: 'img', format: 'altText' },
  ...skipped.map((selector) => ({ selector, format: 'skip' })),
];

const convert = compile({
  wordwrap: false,
  // Nothing matches, so the whole document counts: Liquid may stand before or behind the body.
  baseElements: { selectors: ['whole-document'], returnDomByDefault: true },
  formatters: { altText },
  selectors,
});

/** @param html with marks in it. @returns text and marks, in order. */
export function textOf(html: string): TextItem[] {
  const text = convert(html).replaceAll('\u00a0', ' ').replace(loneTags, withoutBlankLines).trim();
  return text.split(/(\uFDD0[toa]\d+\uFDD1)/).flatMap(itemOf);
}

/** A tag prints nothing, so of the line breaks before and behind it only one side counts. */
function withoutBlankLines(_line: string, before: string, tags: string, after: string, offset: number): string {
  const rest = offset === 0 ? '' : after.slice(before.length);
  return before + tags.replace(/\s+/g, '') + rest;
}

function itemOf(text: string): TextItem[] {
  const [, kind, number] = anyMark.exec(text) ?? [];
  if (kind === 't' || kind === 'o' || kind === 'a') return [{ kind, number: Number(number) }];
  return text === '' ? [] : [text];
}
