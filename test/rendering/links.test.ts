// Promise: every web link of a mail is tracked and leads where it led, and nothing else is touched.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verifyToken } from '../../src/rendering/token.ts';
import { TRACKING_ORIGIN } from '../../src/rendering/tracking_origin.ts';
import { compiled, mail, plainHtml, resolvedHtml, trackingId, trackingKey } from './support.ts';

test('a and area are tracked, whatever their case, quotes and spaces', () => {
  const html = `<a href="https://a.example/">1</a><A HREF='http://b.example'>2</A><a\nclass=x href = https://c.example/x >3</a>
<map><area shape="rect" href="https://d.example/" /></map><a href=" https://e.example/ ">5</a>`;
  const { html: out, links } = mail(html);
  assert.deepEqual(links, [
    'https://a.example/',
    'http://b.example',
    'https://c.example/x',
    'https://d.example/',
    'https://e.example/',
  ]);
  assert.equal(
    resolvedHtml(html),
    `<a href="<https://a.example/>">1</a><A HREF='<http://b.example>'>2</A><a\nclass=x href = <https://c.example/x> >3</a>
<map><area shape="rect" href="<https://d.example/>" /></map><a href="<https://e.example/>">5</a>`,
  );
  assert.ok(out.includes(`href="${TRACKING_ORIGIN}/click/${trackingId}.0.`));
});

test('everything that is no web link stays as it is', () => {
  const html = `<a href="mailto:x@example.com?subject=a&amp;b">m</a><a href="tel:+43 1">t</a><a href="#top">#</a><a href="/rel?a=1&amp;b">r</a>
<a href="">e</a><a href>n</a><a name="x">x</a><a href="//host/x">p</a><a href="javascript:alert(1)">j</a><a href="https:">h</a><a href="https://exa mple/">s</a>
<link href="https://example.com/x.css"><base href="https://example.com/"><img src="https://example.com/x.png"><form action="https://example.com/"></form>
<p title="<a href='https://example.com/'>">https://example.com/</p><a data-href="https://example.com/">d</a>`;
  const rendered = mail(html);
  assert.equal(rendered.html, html);
  assert.deepEqual(rendered.links, []);
});

test('our own addresses are not tracked', () => {
  const html = `<a href="{{ unsubscribe_url }}">u</a><a href="${TRACKING_ORIGIN}/x">x</a>`;
  const rendered = mail(html);
  assert.equal(rendered.html, plainHtml(html));
  assert.deepEqual(rendered.links, []);
});

test('data-no-track opts a link out and disappears', () => {
  const html =
    '<a href="https://a.example/" data-no-track>1</a><a DATA-NO-TRACK="true" href="https://b.example/{{ task.name }}">2</a><p data-no-track>';
  const expected = '<a href="https://a.example/">1</a><a href="https://b.example/Spring">2</a><p data-no-track>';
  assert.equal(mail(html).html, expected);
  assert.equal(plainHtml(html), expected);
  assert.deepEqual(mail(html).links, []);
  assert.equal(
    mail('<a {% if task.name %}data-no-track{% endif %} href="https://a.example/">1</a>').html,
    '<a  href="https://a.example/">1</a>',
  );
});

test('the same address has one number', () => {
  const { links } = mail(
    '<a href="https://a.example/?x=1&amp;y=2">1</a><a href="https://a.example/?x=1&y=2">2</a><a href="{{ contact.u }}">3</a>',
    {
      u: 'https://a.example/?x=1&y=2',
    },
  );
  assert.deepEqual(links, ['https://a.example/?x=1&y=2']);
});

test('fixed links have the same number in every mail, and personal ones follow', () => {
  const template =
    '{% if contact.vip %}<a href="https://vip.example/">v</a>{% endif %}<a href="{{ contact.page }}">p</a><a href="https://all.example/">a</a>';
  const some = mail(template, { page: 'https://x.example/1' });
  const vip = mail(template, { page: 'https://x.example/2', vip: true });
  assert.deepEqual(some.links, ['https://vip.example/', 'https://all.example/', 'https://x.example/1']);
  assert.deepEqual(vip.links, ['https://vip.example/', 'https://all.example/', 'https://x.example/2']);
});

test('each click token leads to its link', () => {
  const { html, links } = mail('{% for i in (1..30) %}<a href="https://a.example/{{ i }}">{{ i }}</a>{% endfor %}');
  const tokens = [...html.matchAll(/\/click\/([\w.-]+)/g)].map(([, token = '']) =>
    verifyToken([trackingKey], 'c', token),
  );
  assert.deepEqual(
    tokens.map((token) => links[token?.linkNumber ?? -1]),
    Array.from({ length: 30 }, (_, i) => `https://a.example/${i + 1}`),
  );
  assert.ok(tokens.every((token) => token?.trackingId === trackingId));
});

test('references of HTML in an address are decoded as browsers do', () => {
  const cases: [string, string][] = [
    ['https://a.example/?a=1&amp;b=2', 'https://a.example/?a=1&b=2'],
    ['https://a.example/?a=1&b=2&copy=3', 'https://a.example/?a=1&b=2&copy=3'],
    ['https://a.example/?q=&quot;x&quot;&#39;&lt;&#x3e;', 'https://a.example/?q="x"\'<>'],
    ['https://a.example/caf&eacute;?x=&copy;&y=&amp;amp;', 'https://a.example/café?x=©&y=&amp;'],
    ['https://a.example/路径?q=😀', 'https://a.example/路径?q=😀'],
    ['https&colon;//a.example/', 'https://a.example/'],
  ];
  for (const [written, address] of cases) {
    assert.deepEqual(mail(`<a href="${written}">x</a>`).links, [address]);
    assert.deepEqual(mail(`<a href="${written}{% if contact.x %}{% endif %}">x</a>`).links, [address]);
  }
});

test('Liquid may make an address, or a part of it', () => {
  const attributes = { id: 'a&b', city: 'Graz', url: 'https://own.example/?a=1&b=2' };
  const cases: [string, string][] = [
    [
      '<a href="https://a.example/?id={{ contact.id | url_encode }}&amp;x=1">',
      '<a href="<https://a.example/?id=a%26b&x=1>">',
    ],
    ['<a href="{{ contact.url }}">', '<a href="<https://own.example/?a=1&b=2>">'],
    ['<a href="{{ contact.url | raw }}">', '<a href="<https://own.example/?a=1&b=2>">'],
    ["<a href={{ contact.url }} class='x'>", "<a href=<https://own.example/?a=1&b=2> class='x'>"],
    [
      '<a href="{% if contact.city %}https://a.example/{{ contact.city }}{% else %}https://b.example/{% endif %}">',
      '<a href="<https://a.example/Graz>">',
    ],
    [
      '<a {% if contact.none %}href="https://a.example/"{% else %}href="https://b.example/"{% endif %}>',
      '<a href="<https://b.example/>">',
    ],
    [
      '<a {% if contact.city == "Graz" %}class="x > y"{% endif %} href="https://a.example/">',
      '<a class="x > y" href="<https://a.example/>">',
    ],
    [
      '{% capture u %}https://c.example/?a=1&b=2{% endcapture %}<a href="{{ u }}">',
      '<a href="<https://c.example/?a=1&b=2>">',
    ],
    [
      '{% capture l %}<a href="https://d.example/">d</a>{% endcapture %}{{ l | raw }}',
      '<a href="<https://d.example/>">d</a>',
    ],
    ['<a href="{%- if contact.city -%} https://e.example/ {%- endif -%}">', '<a href="<https://e.example/>">'],
    ['<a href="https://f.example/{% comment %}">{% endcomment %}x">', '<a href="<https://f.example/x>">'],
    [
      '{% raw %}<a href="https://g.example/{{ x }}">{{ y }}</a>{% endraw %}',
      '<a href="<https://g.example/{{ x }}>">{{ y }}</a>',
    ],
    ['<a href="mailto:{{ contact.id }}">', '<a href="mailto:a&amp;b">'],
    [
      '<a href="{{ "<a href=\'x\'>" }}" title="{{ "a > b" }}" href="https://h.example/">',
      '<a href="&lt;a href=&#39;x&#39;&gt;" title="a &gt; b" href="<https://h.example/>">',
    ],
  ];
  for (const [template, expected] of cases) assert.equal(resolvedHtml(template, attributes), expected, template);
});

test('loops and conditions make links', () => {
  const html =
    '{% for p in contact.products %}{% if p.url %}<a href="{{ p.url }}">{{ p.name }}</a>{% endif %}{% break %}{% endfor %}';
  const products = [
    { name: 'One', url: 'https://a.example/1' },
    { name: 'Two', url: 'https://a.example/2' },
  ];
  assert.equal(resolvedHtml(html, { products }), '<a href="<https://a.example/1>">One</a>');
});

test('comments, styles and scripts are left alone, but Outlook’s conditional comments have links', () => {
  const html = `<!-- <a href="https://a.example/{{ contact.x }}"> {% if contact.x %}-->{% endif %}
<style>a[href="https://a.example/"] { color: {{ contact.x }} }</style><script>"<a href='https://a.example/'>"</script><title><a href="https://a.example/"></title>`;
  const attributes = { x: 'red' };
  assert.equal(mail(html, attributes).html, plainHtml(html, attributes));
  const outlook = `<!--[if mso]><v:roundrect href="https://o.example/?a=1&amp;b={{ contact.x }}" style="x"><a href="https://o.example/">x</a></v:roundrect><![endif]-->
<!--[if !mso]><!--><a href="https://n.example/">n</a><!--<![endif]-->`;
  assert.equal(
    resolvedHtml(outlook, attributes),
    `<!--[if mso]><v:roundrect href="<https://o.example/?a=1&b=red>" style="x"><a href="<https://o.example/>">x</a></v:roundrect><![endif]-->
<!--[if !mso]><!--><a href="<https://n.example/>">n</a><!--<![endif]-->`,
  );
});

test('a link whose address can not be replaced as a whole stays, and is reported', () => {
  const crossing =
    'x\n{% if task.name %}<a href="https://a.example/{% else %}<a href="https://b.example/{% endif %}path">x</a>';
  assert.equal(mail(crossing).html, plainHtml(crossing));
  assert.deepEqual(compiled(crossing).untracked, [
    { line: 2, reason: 'its address begins and ends in different branches of a Liquid tag' },
  ]);
  const bare = '<a href=https://a.example/{% if task.name %}1{% else %}2{% endif %}>x</a>';
  assert.equal(mail(bare).html, '<a href=https://a.example/1>x</a>');
  assert.deepEqual(compiled(bare).untracked, [
    { line: 1, reason: 'its address has no quotation marks and a Liquid tag beside it' },
  ]);
});

test('without click tracking links stay', () => {
  const html = '<a href="https://a.example/?a=1&amp;b={{ task.name }}">x</a>';
  const rendered = mail(html, {}, { trackClicks: false });
  assert.equal(rendered.html, '<a href="https://a.example/?a=1&amp;b=Spring">x</a>');
  assert.deepEqual(rendered.links, []);
});

const pixel = new RegExp(
  `<img src="${TRACKING_ORIGIN}/open/([\\w.-]+)" width="1" height="1" alt="" style="display:none">`,
);
const withPixel = (html: string): string => mail(html, {}, { trackOpens: true }).html.replace(pixel, '[pixel]');

test('the pixel stands before the end of the body, or at the end', () => {
  assert.equal(withPixel('<html><body>x</body></html>'), '<html><body>x[pixel]</body></html>');
  assert.equal(withPixel('<p>x</p>\n'), '<p>x</p>\n[pixel]');
  assert.equal(withPixel('<body><!-- </body> -->x</BODY >'), '<body><!-- </body> -->x[pixel]</BODY >');
  assert.equal(withPixel('{% if contact.x %}a</body>{% else %}b</body>{% endif %}'), 'b</body>[pixel]');
  const token = pixel.exec(mail('x', {}, { trackOpens: true }).html)?.[1] ?? '';
  assert.deepEqual(verifyToken([trackingKey], 'o', token), { trackingId, linkNumber: null });
});

test('a mail of text alone gets no pixel for a body', () => {
  assert.equal(mail({ html: ' ', text: 'Hello' }, {}, { trackOpens: true }).html, ' ');
});
