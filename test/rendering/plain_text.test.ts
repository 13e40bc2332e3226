// Promise: a template without a text of its own gets one that reads like its HTML, for each recipient, with the same tracked links.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TRACKING_ORIGIN } from '../../src/rendering/tracking_origin.ts';
import { mail, resolvedText } from './support.ts';

test('the template’s own text is taken as it is', () => {
  const source = { html: '<p>HTML</p>', text: '  Dear {{ contact.x }} & <all>\n\n<a href="https://a.example/">' };
  const rendered = mail(source, { x: 'A & B' });
  assert.equal(rendered.text, 'Dear A & B & <all>\n\n<a href="https://a.example/">');
  assert.deepEqual(rendered.links, []);
});

test('a blank text counts as none', () => {
  assert.equal(mail({ html: '<p>HTML</p>', text: ' \n' }).text, 'HTML');
});

test('paragraphs, headings and lists keep their shape', () => {
  const html = `<!doctype html><html><head><title>T</title><style>p { color: red }</style></head><body>
<h1>A heading</h1><p>One&nbsp;&amp; two <b>three</b>.<br>Next line.</p><ul><li>x</li><li>y</li></ul>
<table><tr><td>cell</td></tr></table><script>alert(1)</script><!-- gone --><div style="display:none">hidden</div></body></html>`;
  assert.equal(mail(html).text, 'A heading\n\nOne & two three.\nNext line.\n\n * x\n * y\n\ncell');
});

test('Liquid stands in the text, and values are not escaped', () => {
  const html = '<p>Dear {{ contact.x | escape }},</p>{% if contact.y %}<p>y</p>{% else %}<p>no y</p>{% endif %}';
  assert.equal(mail(html, { x: `O'Neil & <Co>` }).text, `Dear O'Neil & <Co>,\n\nno y`);
});

test('links follow their text in brackets, tracked and numbered as in the HTML', () => {
  const html =
    '<p><a href="https://a.example/?a=1&amp;b=2">One</a>, <a href="https://b.example/{{ contact.x }}">two</a></p>';
  assert.equal(resolvedText(html, { x: 'A&B' }), 'One [<https://a.example/?a=1&b=2>], two [<https://b.example/A&B>]');
  const rendered = mail(html, { x: 'v' });
  const tokens = (text: string): string[] => text.match(/[\w-]{16}\.\d\.[\w-]{16}/g) ?? [];
  assert.deepEqual(tokens(rendered.text), tokens(rendered.html));
  assert.equal(rendered.links.length, 2);
});

test('addresses that are not tracked are shown plainly', () => {
  const cases: [string, string][] = [
    ['<a href="mailto:help@example.com">help@example.com</a>', 'help@example.com'],
    ['<a href="mailto:help@example.com">write</a>', 'write [help@example.com]'],
    ['<a href="mailto:{{ contact.x }}">write</a>', 'write [v]'],
    ['<a href="#top">top</a> <a>none</a> <a href="">empty</a>', 'top none empty'],
    ['<a href="#{{ contact.x }}">top</a>', 'top'],
    ['<a href="https://a.example/" data-no-track>x</a>', 'x [https://a.example/]'],
    ['<a href="https://a.example/{{ contact.x }}" data-no-track>x</a>', 'x [https://a.example/v]'],
    [
      '<a href="https://a.example/"><img src="https://a.example/x.png" alt="Our {{ contact.x }}"></a>',
      'Our v [<https://a.example/>]',
    ],
    ['<img src="https://a.example/x.png">', ''],
  ];
  for (const [html, text] of cases) assert.equal(resolvedText(html, { x: 'v' }), text, html);
  assert.equal(
    mail('<a href="https://a.example/?a&amp;{{ contact.x }}">x</a>', { x: 'v' }, { trackClicks: false }).text,
    'x [https://a.example/?a&v]',
  );
  const unsubscribe = mail('<a href="{{ unsubscribe_url }}">unsubscribe</a>').text;
  assert.ok(unsubscribe.startsWith(`unsubscribe [${TRACKING_ORIGIN}/unsubscribe/`));
});

test('an address that depends on a condition is the one of the HTML', () => {
  const html =
    '<a {% if contact.x %}href="https://a.example/"{% else %}href="https://b.example/" data-no-track{% endif %}>x</a>';
  assert.equal(mail(html, { x: 1 }).text, 'x [https://a.example/]');
  assert.equal(mail(html).text, 'x [https://b.example/]');
  assert.equal(resolvedText('<a {% if contact.x %}href="https://a.example/"{% endif %}>x</a>.').trim(), 'x .');
});

test('tags alone on a line leave no gaps', () => {
  const html = `<p>A</p>
{% if contact.x %}
<p>B</p>
{% endif %}
{% if contact.y %}
<p>C</p>
{% endif %}
<p>D</p>`;
  assert.equal(mail(html).text, 'A\n\nD');
  assert.equal(mail(html, { x: 1 }).text, 'A\n\nB\n\nD');
  assert.equal(mail(html, { x: 1, y: 1 }).text, 'A\n\nB\n\nC\n\nD');
  const list = '<p>A</p><ul>{% for i in (1..3) %}<li>{{ i }}</li>{% endfor %}</ul><p>B</p>';
  assert.equal(mail(list).text, 'A\n\n * 1\n * 2\n * 3\n\nB');
});

test('Liquid that the text has no place for still takes effect', () => {
  const html = `{% assign a = 'one' %}<!doctype html><html><head>{% assign b = 'two' %}<title>{{ b }}</title></head>
<body class="{% cycle 'odd', 'even' %}" {% if contact.x %}style="x"{% endif %}><div hidden>{% assign c = 'three' %}</div>
<!-- {% assign d = 'four' %} --><p {% if contact.x %}class="y"{% endif %}>{{ a }} {{ b }} {{ c }} {{ d }}</p></body></html>`;
  assert.equal(mail(html).text, 'one two three four');
});

test('Outlook’s comments stay out, and markup that Liquid makes does too', () => {
  assert.equal(mail('<!--[if mso]><a href="https://a.example/">x</a><![endif]--><p>y</p>').text, 'y');
  assert.equal(mail('<table>{% tablerow i in (1..2) cols: 1 %}{{ i }}{% endtablerow %}</table>').text, '12');
  assert.equal(mail('<p>{{ contact.note | newline_to_br | raw }}</p>', { note: 'a\nb' }).text, 'a\nb');
});

test('Liquid in attributes that people do not read takes effect too', () => {
  const html =
    '<p>x</p>\n<p title="{{ contact.a | default: 1 }}">{% assign x = contact.a %}</p>\n<p>{{ x | default: 1 }}{{ contact.b | default: 2 }}</p>';
  assert.equal(mail(html).text, 'x\n\n12');
});
