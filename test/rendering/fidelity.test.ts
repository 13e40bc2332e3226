// Promise: tracking changes addresses and adds the pixel; of everything else not one character.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Liquid } from 'liquidjs';
import { mail, plainHtml, resolved } from './support.ts';

const html = [
  '<p>',
  '</p>',
  '<a ',
  '<a>',
  '</a>',
  '<area ',
  '>',
  '<',
  '/',
  '/>',
  '"',
  "'",
  '=',
  ' ',
  '\n',
  'href',
  'class="x"',
  "title='y'",
  '<!--',
  '-->',
  '<!-',
  '<!--[if mso]>',
  '<![endif]-->',
  '<script>',
  '</script>',
  '<style>',
  '</style>',
  '<title>',
  '</title>',
  '<textarea>',
  '</body>',
  '<body>',
  '</html>',
  '<![CDATA[',
  ']]>',
  '<?x',
  '<!doctype html>',
  'text',
  'é',
  '😀',
  '\u00a0',
  '漢字',
  '&',
  '&amp;',
  '&lt;',
  '{ ',
  '}',
  '%',
  '-',
  'x',
];
const links = [
  '<a href="https://a.example/1">',
  "<a href='https://b.example/2'>",
  '<a href=https://c.example/3>',
  '<a href="{{ contact.url }}">',
  '<a href="https://d.example/{{ contact.x }}">',
  '<a {% if contact.x %}href="https://e.example/"{% else %}href="https://f.example/"{% endif %}>',
  '<a href="{% if contact.none %}https://g.example/{% endif %}">',
  '<a href="mailto:x@example.com">',
  '<area href={{ contact.url }}>',
  ' href="https://h.example/" ',
  "<v:rect href='https://i.example/'>",
];
const liquid = [
  '{{ contact.x }}',
  '{{- contact.x -}}',
  '{{ "<a href=" }}',
  "{{ '\"' }}",
  '{% assign y = "<!--" %}',
  '{% comment %}<a href="{% endcomment %}',
  '{% raw %}{{ <a href="https://r.example/">{% endraw %}',
  '{% # note %}',
  '{% cycle "a", "b" %}',
  '{%- echo contact.x -%}',
];
const blocks: [string, string][] = [
  ['{% if contact.x %}', '{% endif %}'],
  ['{% if contact.none %}', '{% else %}z{% endif %}'],
  ['{% for i in (1..2) %}', '{% endfor %}'],
  ['{% unless contact.x %}', '{% endunless %}'],
  ['{% capture c %}', '{% endcapture %}{{ c | raw }}'],
  ['{%- case contact.x -%}{% when "v" %}', '{% endcase %}'],
];

const joined = (pieces: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.array(pieces, { maxLength: 12 }).map((all) => all.join(''));

const { document } = fc.letrec<{ document: string; block: string }>((tie) => ({
  document: joined(
    fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(...html),
      fc.constantFrom(...links),
      fc.constantFrom(...liquid),
      tie('block'),
    ),
  ),
  block: fc.tuple(fc.constantFrom(...blocks), tie('document')).map(([[open, close], inner]) => open + inner + close),
}));

const isWithoutLiquid = (text: string): boolean => !/\{[{%]/.test(text);
const attributes = { x: 'v', url: 'https://u.example/?q=1' };

test('without links, the output is the input and the pixel', () => {
  const anyText = fc.oneof(joined(fc.constantFrom(...html)), fc.string({ unit: 'grapheme' }));
  fc.assert(
    fc.property(anyText.filter(isWithoutLiquid), (text) => {
      const { html: out, links: found } = mail(text, {}, { trackOpens: true });
      assert.deepEqual(found, []);
      const [pixel = ''] = /<img src="[^"]*\/open\/[^>]*>/.exec(out) ?? [];
      assert.equal(pixel === '', text.trim() === '');
      assert.equal(out.replace(pixel, ''), text);
    }),
    { numRuns: 2_000 },
  );
});

test('without tracking, the output is LiquidJS’s own', () => {
  const liquidJs = new Liquid({ outputEscape: 'escape', strictVariables: true, lenientIf: true });
  fc.assert(
    fc.property(document, (text) => {
      assert.equal(plainHtml(text, attributes), liquidJs.parseAndRenderSync(text, { contact: attributes }));
    }),
    { numRuns: 3_000 },
  );
});

// Browsers drop line breaks in addresses, and so do we.
const withoutSpaces = (text: string): string => text.replace(/\s/g, '');

test('with its tokens resolved, a tracked mail is the untracked one', () => {
  fc.assert(
    fc.property(
      document.filter((text) => !text.includes('&')),
      (text) => {
        const tracked = mail(text, attributes);
        const restored = resolved(tracked.html, tracked.links).replaceAll(/<(https?:[^>]*?)>/g, '$1');
        const untracked = plainHtml(text, attributes).replaceAll(/<(https?:[^>]*?)>/g, '$1');
        assert.equal(withoutSpaces(restored), withoutSpaces(untracked));
      },
    ),
    { numRuns: 3_000 },
  );
});

test('whatever the HTML, a text comes out of it, with the links of the HTML', () => {
  fc.assert(
    fc.property(document, (text) => {
      const { text: plain, links: found } = mail(text, attributes);
      assert.ok(!/[\uFDD0\uFDD1]|contact\.|undefined/.test(resolved(plain, found)));
    }),
    { numRuns: 3_000 },
  );
});
