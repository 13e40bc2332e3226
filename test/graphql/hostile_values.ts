// What nobody means and somebody sends: each of these has broken some program that builds statements, patterns, dates or templates of text.
import fc from 'fast-check';

const quotes = [
  `'`,
  `''`,
  `"`,
  '`',
  `\\'`,
  `\\`,
  `$$`,
  `$tag$ $tag$`,
  `E'\\x27'`,
  `';--`,
  `'/*`,
  `*/'`,
  `'||'`,
  `U&'\\0027'`,
];
const statements = [
  `'; drop table app_public.contacts; --`,
  `x' or 1=1 --`,
  `1; select pg_sleep(60)`,
  `'||(select version())||'`,
  `$1`,
  `:name`,
  `%s%n%x`,
  `%1$s`,
  `{0}`,
  `\${7*7}`,
  `{{ 7 | times: 7 }}`,
  `{% raw %}`,
  `{% for i in (1..100000000) %}{{ i }}{% endfor %}`,
  `{{`,
  `}}`,
  `<script>alert(1)</script>`,
];
const patterns = [
  '%',
  '_',
  '%%',
  '\\%',
  '\\',
  '[a-z',
  '(',
  ')',
  '*',
  '?',
  '(a+)+$',
  '.*',
  '^',
  '!',
  '&',
  '|',
  `a' & b`,
];
const shapes = [
  '{}',
  '[]',
  '{',
  '[[',
  '{"a":',
  '{a,b',
  '{"a","b"}',
  '{NULL}',
  '(1,2)',
  '("a","',
  'null',
  'true',
  '"',
  '[1,2)',
  '1..2',
  '__proto__',
  'constructor',
  'toString',
];
const letters = [
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udc00',
  'a\ud83d',
  '\u202Eabc',
  '\u2066\u2069',
  '\ufeff',
  '\uffff',
  '\u{10ffff}',
  '\u200b',
  '\u00a0',
  '😀',
  '👩‍👩‍👧‍👦',
  'e\u0301\u0301\u0301\u0301',
  'İ',
  'ß',
  'ﬃ',
  '\r\n',
  '\r\nBcc: x@example.com',
  '\n',
  '\t',
  '\b',
  '\u007f',
  '\u0085',
  '\u2028',
];
const numbers = [
  '0',
  '-0',
  '-1',
  '1e400',
  '1e-400',
  'NaN',
  'Infinity',
  '-Infinity',
  'infinity',
  '9223372036854775807',
  '9223372036854775808',
  '-9223372036854775809',
  '0x7f',
  '1_000',
  '٣',
  '9'.repeat(400),
];
const times = [
  'infinity',
  '-infinity',
  'now',
  'today',
  'epoch',
  'allballs',
  '0000-00-00',
  '0000-01-01T00:00:00Z',
  '2026-02-30',
  '2026-13-01T00:00:00Z',
  '294276-12-31T23:59:59Z',
  '294277-01-01T00:00:00Z',
  '9999999-01-01',
  '4714-11-24 BC',
  '4713-01-01 BC',
  '2026-01-01T24:00:00Z',
  '2026-01-01T25:00:00Z',
  '2026-01-01T00:00:60Z',
  '2026-01-01T00:00:00+99:00',
  '2026-01-01T00:00:00 Nowhere/Nowhere',
  '24:00',
  '25:61',
  '-01:00',
];
const addresses = [
  '@',
  'a@',
  '@example.com',
  'a@b@example.com',
  '"a b"@example.com',
  'a@[127.0.0.1]',
  'a@example.com\u0000',
  'A@EXAMPLE.COM',
  `${'a'.repeat(300)}@example.com`,
  'http://',
  'https://user:pw@[::1]:99999/',
  'javascript:alert(1)',
  '//example.com',
  'file:///etc/passwd',
];
const zones = ['UTC+99', 'Europe/Nowhere', 'posixrules', '../../etc/passwd', 'PST8PDT', '<+0>-0', 'Factory'];
const ids = [
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  'ffffffff-ffff-ffff-ffff-fffffffffffg',
  '{00000000-0000-0000-0000-000000000000}',
  '00000000000000000000000000000000',
];
const lengths = [
  '',
  ' ',
  ' '.repeat(1_000),
  'a'.repeat(300),
  'a'.repeat(3_000),
  '😀'.repeat(5_000),
  'x'.repeat(100_000),
];
const base64s = [
  'A',
  'AA==',
  '====',
  'WyJhIl0=',
  base64('[]'),
  base64('[["natural",1]]'),
  base64('{"a":1}'),
  base64('null'),
];

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

const byHand: readonly string[] = [
  quotes,
  statements,
  patterns,
  shapes,
  letters,
  numbers,
  times,
  addresses,
  zones,
  ids,
  lengths,
  base64s,
].flat();

/** The same ones every time: first those made by hand, then others, of which every second is stitched together of those. */
export function hostileStrings(count: number): string[] {
  const stitched = fc.array(fc.constantFrom(...byHand.filter(({ length }) => length < 1_000)), {
    minLength: 2,
    maxLength: 4,
  });
  const any = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    stitched.map((parts) => parts.join('')),
  );
  const more = fc.sample(any, { numRuns: Math.max(count - byHand.length, 1), seed: 20 });
  return [...byHand, ...more].slice(0, count);
}

export const hostileNumbers: readonly number[] = [
  0,
  -0,
  1,
  -1,
  2_147_483_647,
  -2_147_483_648,
  2_147_483_648,
  1e308,
  -1e308,
  5e-324,
  0.1,
  1e21,
  Number.MAX_SAFE_INTEGER,
];

/** Where any JSON is taken: the string as a value, as a key, and within others. */
export function hostileJson(text: string, number: number): unknown {
  const nested = Array.from({ length: 200 }).reduce<unknown>((inner) => [inner], text);
  const forms = [
    text,
    { [text]: text },
    [text, [text, [[]]]],
    nested,
    { a: { [text]: 1e308 } },
    [null, -0, text],
    { email: text },
  ];
  return forms[number % forms.length];
}
