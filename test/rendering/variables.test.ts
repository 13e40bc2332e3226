// Promise: a template that works for nobody fails when it is compiled, one that fails a single contact says which variable of which line.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RenderError, TemplateError } from '../../src/rendering/errors.ts';
import type { TemplateSource } from '../../src/rendering/template.ts';
import { compiled, mail, plainHtml } from './support.ts';

type Source = string | Partial<TemplateSource>;

const refused = (source: Source, expected: object): void => {
  assert.throws(
    () => compiled(source),
    (error) => {
      assert.ok(error instanceof TemplateError);
      assert.deepEqual({ ...pick(error, expected) }, expected);
      return true;
    },
  );
};

function pick(error: Error, like: object): object {
  return Object.fromEntries(Object.keys(like).map((key) => [key, Reflect.get(error, key)]));
}

const failing = (source: Source, attributes: Record<string, unknown>, expected: object): void => {
  assert.throws(
    () => mail(source, attributes),
    (error) => {
      assert.ok(error instanceof RenderError);
      assert.deepEqual(pick(error, expected), expected);
      return true;
    },
  );
};

test('wrong Liquid is refused with its line', () => {
  refused('one\n{% if contact.x %}', { part: 'html', line: 2, variable: null });
  refused('one\ntwo {{ contact.x', { part: 'html', line: 2 });
  refused(
    { subject: '{{ contact.x | shout }}' },
    { part: 'subject', line: 1, message: 'Template "Test", subject line 1: undefined filter: shout.' },
  );
  refused(
    { text: 'a\n\n{% nonsense %}' },
    { part: 'text', line: 3, message: 'Template "Test", text line 3: tag "nonsense" not found.' },
  );
});

test('a name unknown to templates is refused with its line', () => {
  refused('<p>\n{{ first_name }}', { template: 'Test', part: 'html', line: 2, variable: 'first_name' });
  refused('{% if a %}{% endif %}\n{{ b }}', { line: 1, variable: 'a' });
  refused('{% for x in contact.items %}{% endfor %}{{ x.y }}', { variable: 'x.y' });
  refused('<a href="https://example.com/{{ campaign }}">x</a>', { part: 'html', variable: 'campaign' });
});

test('Liquid’s own names are known', () => {
  const html = `{% assign a = 1 %}{% capture b %}x{% endcapture %}{% increment c %}
    {% for i in (1..2) %}{{ i }}{{ forloop.index }}{% endfor %}{% for i in (1..4) offset: continue %}{{ i }}{% endfor %}
    {{ a }}{{ b }}{{ task.name }}{{ sender.name }}{{ unsubscribe_url }}`;
  assert.doesNotThrow(() => mail(html));
});

test('what is given to templates can not be used for a value of one’s own', () => {
  refused('\n{% assign contact = 1 %}', {
    line: 2,
    message:
      'Template "Test", html line 2: contact is given to the template, which can not use the name for a value of its own.',
  });
  refused('{% for task in contact.tasks %}{% endfor %}', { line: 1 });
  refused('{% capture sender %}{% endcapture %}', { line: 1 });
});

test('templates read no files and no other templates', () => {
  for (const tag of ["include 'a'", "render 'a'", "layout 'a'", 'block a']) {
    refused(`x\n{% ${tag} %}`, { part: 'html', line: 2 });
    assert.throws(() => compiled(`{% ${tag} %}`), /can not read files or other templates/);
  }
});

test('a missing or empty value fails this contact, with line and variable', () => {
  const message = 'Template "Test", html line 2: contact.city has no value for this contact.';
  for (const city of [undefined, null, '', '  \n']) {
    failing(
      'x\n{{ contact.city }}',
      { city },
      { template: 'Test', part: 'html', line: 2, variable: 'contact.city', message },
    );
  }
  failing({ subject: '{{ contact.city | upcase }}' }, {}, { part: 'subject', line: 1, variable: 'contact.city' });
  failing(
    { text: '\n\n{{ contact.address.city }}' },
    { address: {} },
    { part: 'text', line: 3, variable: 'contact.address.city' },
  );
  failing('{% for x in contact.items %}{% endfor %}', {}, { variable: 'contact.items' });
  failing('<a href="https://example.com/{{ contact.id }}">x</a>', {}, { part: 'html', variable: 'contact.id' });
});

test('an empty value does not slip through a variable or a filter', () => {
  failing('{% assign city = contact.city %}\n{{ city }}', {}, { line: 2, variable: 'city' });
  failing('\n{{ contact.list | first }}', { list: [] }, { line: 2, variable: 'contact.list' });
  failing('{{ contact.list | first | raw }}', { list: [] }, { variable: 'contact.list' });
});

test('a default is taken wherever it stands in the chain', () => {
  assert.equal(plainHtml("{{ contact.city | default: 'town' }}", { city: '' }), 'town');
  assert.equal(plainHtml("{{ contact.city | upcase | default: 'town' }}"), 'town');
  assert.equal(plainHtml("{{ contact.city | default: 'town' | upcase }}"), 'TOWN');
  assert.equal(plainHtml("{{ contact.address.city | default: 'town' }}"), 'town');
});

test('conditions may ask for what is missing, and take empty for absent', () => {
  assert.equal(plainHtml('{% if contact.city %}yes{% else %}no{% endif %}', { city: '' }), 'no');
  for (const nothing of ["''", 'empty', 'blank', 'nil']) {
    assert.equal(plainHtml(`{% if contact.city == ${nothing} %}absent{% endif %}`), 'absent');
    assert.equal(plainHtml(`{% if contact.city != ${nothing} %}there{% endif %}`), '');
    assert.equal(plainHtml(`{% if contact.city != ${nothing} %}there{% endif %}`, { city: 'Graz' }), 'there');
  }
  assert.equal(plainHtml('{% if contact.age < 18 or contact.age >= 0 %}compared{% endif %}'), '');
  assert.equal(plainHtml('{% if contact.age < 18 %}young{% endif %}', { age: 17 }), 'young');
  assert.equal(plainHtml('{% unless contact.a and contact.b %}not both{% endunless %}', { a: 1 }), 'not both');
  assert.equal(plainHtml("{% case contact.plan %}{% when 'pro' %}pro{% else %}free{% endcase %}"), 'free');
});

const defaults = (html: string): [string, boolean][] =>
  compiled(html).variables.map(({ name, hasDefault }) => [name, hasDefault]);

test('variables are listed once each, placed where a value is needed first', () => {
  const template = compiled({
    subject: "{{ contact.city | default: 'x' }}",
    html: '\n{{ contact.city }}{{ contact["age"] }}{{ contact.name }}{{ task.name }}',
    text: '{{ contact.only_text }}',
  });
  assert.deepEqual(template.variables, [
    { name: 'city', part: 'html', line: 2, hasDefault: false, builtIn: false },
    { name: 'age', part: 'html', line: 2, hasDefault: false, builtIn: false },
    { name: 'name', part: 'html', line: 2, hasDefault: false, builtIn: true },
    { name: 'only_text', part: 'text', line: 1, hasDefault: false, builtIn: false },
  ]);
});

test('a variable has a default when every use has one', () => {
  assert.deepEqual(defaults("{{ contact.a | default: 'x' }}{{ contact.a | upcase | default: 'x' }}"), [['a', true]]);
  assert.deepEqual(defaults("{{ contact.a | default: 'x' }}{{ contact.a }}"), [['a', false]]);
  assert.deepEqual(defaults('{{ contact.a | default: contact.b }}'), [
    ['a', true],
    ['b', false],
  ]);
  assert.deepEqual(defaults('{% if contact.a %}{% endif %}'), [['a', true]]);
});

test('a use that only a condition on the same variable leads to has a default', () => {
  const guarded = [
    '{% if contact.a %}{{ contact.a }}{% endif %}',
    '{% if contact.a != blank %}{{ contact.a }}{% endif %}',
    "{% if contact.a == 'x' %}{{ contact.a }}{% endif %}",
    '{% if contact.a > 3 %}{{ contact.a }}{% endif %}',
    '{% if contact.a and task.name %}{{ contact.a }}{% endif %}',
    '{% if contact.a == empty %}{% else %}{{ contact.a }}{% endif %}',
    '{% if contact.a == nil or task.name %}{% elsif task.name %}{{ contact.a }}{% endif %}',
    '{% unless contact.a %}{% else %}{{ contact.a }}{% endunless %}',
    '{% unless contact.a == "" %}{% for i in (1..2) %}{{ contact.a }}{% endfor %}{% endunless %}',
    '{% if contact.a %}<a href="https://example.com/{{ contact.a }}">x</a>{% endif %}',
  ];
  for (const html of guarded) assert.deepEqual(defaults(html), [['a', true]], html);
});

test('a condition that proves nothing guards nothing', () => {
  const unguarded = [
    '{% if contact.a %}{% else %}{{ contact.a }}{% endif %}',
    '{% if contact.a or task.name %}{{ contact.a }}{% endif %}',
    '{% if contact.a == blank %}{{ contact.a }}{% endif %}',
    "{% if contact.a != 'x' %}{{ contact.a }}{% endif %}",
    '{% unless contact.a %}{{ contact.a }}{% endunless %}',
    '{% if contact.a == contact.a %}{{ contact.a }}{% endif %}',
    '{% if contact.a %}{% endif %}{{ contact.a }}',
  ];
  for (const html of unguarded) assert.deepEqual(defaults(html), [['a', false]], html);
});

test('a contact with only the variables that have no default renders', () => {
  const html =
    '{% if contact.a > 3 %}{{ contact.a }}{% endif %}{{ contact.b }}{% unless contact.c %}-{% else %}{{ contact.c }}{% endunless %}';
  const needed = compiled(html).variables.filter(({ hasDefault }) => !hasDefault);
  assert.equal(plainHtml(html, Object.fromEntries(needed.map(({ name }) => [name, 'x']))), 'x-');
});

test('a runaway template is an error, and soon', () => {
  const started = performance.now();
  failing(
    '\n{% for i in (1..1000000) %}{% for j in (1..1000000) %}x{% endfor %}{% endfor %}',
    {},
    { part: 'html', line: 2 },
  );
  failing('{% for i in (1..1000000000) %}{% endfor %}', {}, { line: 1 });
  const doubling = '{% capture a %}{{ a }}{{ a }}{% endcapture %}'.repeat(40);
  failing(`{% assign a = 'x' %}${doubling}{{ a }}`, {}, { part: 'html', line: 1 });
  failing(`{% assign a = 'x' %}${doubling.replaceAll('{{ a }}', '{{ a | append: a }}')}`, {}, { part: 'html' });
  assert.ok(performance.now() - started < 5_000);
});

test('a template of absurd size is refused', () => {
  refused('x'.repeat(500_001), { message: 'Template "Test", html line 1: it has more than 500000 characters.' });
  refused('{{ task.name }}'.repeat(5_001), {
    message: 'Template "Test", html line 1: it has more than 5000 Liquid tags.',
  });
  refused('{% if task.name %}'.repeat(4_000), { part: 'html' });
});
