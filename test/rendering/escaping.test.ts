// Promise: what a contact is called can change neither the structure of a mail nor its headers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mail, plainHtml } from './support.ts';

test('HTML is escaped, subject and text are not', () => {
  const name = `<b>O'Neil & "Sons"</b>`;
  const part = '{{ contact.name_of_shop }}';
  const rendered = mail({ subject: part, html: part, text: part }, { name_of_shop: name });
  assert.equal(rendered.html, '&lt;b&gt;O&#39;Neil &amp; &#34;Sons&#34;&lt;/b&gt;');
  assert.equal(rendered.subject, name);
  assert.equal(rendered.text, name);
});

test('no value opens a tag or ends an attribute', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', minLength: 1 }).filter((value) => value.trim() !== ''),
      (value) => {
        const html = plainHtml('<p title="{{ contact.x }}">{{ contact.x }}</p>', { x: value });
        assert.equal(html.replaceAll(/[^<>"]/g, ''), '<"">' + '<>');
      },
    ),
  );
});

test('echo and cycle escape as well', () => {
  assert.equal(plainHtml('{% echo contact.x %}{% cycle contact.x %}', { x: '<' }), '&lt;&lt;');
});

test('raw passes markup through, and escaping by hand is not doubled', () => {
  assert.equal(plainHtml('{{ contact.x | raw }}', { x: '<b>' }), '<b>');
  assert.equal(plainHtml('{{ contact.x | escape }}', { x: '<b>' }), '&lt;b&gt;');
  assert.equal(plainHtml('{{ contact.x | escape | append: contact.x }}', { x: '<' }), '&amp;lt;&lt;');
});

test('a subject is one line without control characters', () => {
  const subject = 'Hello {{ contact.x }}!';
  assert.equal(
    mail({ subject }, { x: 'Ada\r\nBcc: all@example.com\u0000\u2028x' }).subject,
    'Hello Ada Bcc: all@example.com x!',
  );
  assert.equal(mail({ subject: '  two  spaces ' }).subject, 'two  spaces');
});

test('a subject has at most 256 characters and cuts none in two', () => {
  const rendered = mail({ subject: '{{ contact.x }}' }, { x: `${'a'.repeat(255)}😀 and more` }).subject;
  assert.equal(rendered, 'a'.repeat(255));
  assert.equal(mail({ subject: 'é'.repeat(300) }).subject.length, 256);
});

test('NUL, which Postgres can not store, is dropped', () => {
  assert.equal(plainHtml('a{{ contact.x | url_decode }}b', { x: '%00' }), 'ab');
});

test('built-in fields win over attributes of the same name', () => {
  assert.equal(plainHtml('{{ contact.email }}', { email: 'other@example.com' }), 'reader@example.com');
});

test('attributes reach no prototype', () => {
  const attributes = JSON.parse('{"__proto__": {"polluted": "yes"}, "constructor": "own"}');
  assert.equal(plainHtml('{{ contact.constructor }}{{ contact.polluted | default: "no" }}', attributes), 'ownno');
  assert.throws(() => plainHtml('{{ contact.toString }}'), /contact\.toString has no value/);
});
