// What makes a mail impossible to hand over, whichever the provider. Nothing is dropped or mended in silence.
import type { Mail, Outcome } from './provider.ts';

// RFC 5322 ftext would allow more; what mail software agrees on is RFC 9110's token.
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
const LINE_BREAK = /[\r\n\0]/;
// One address and nothing that a parser of address lists would read as a second one.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is kept out.
const ONE_ADDRESS = /^[^\s<>,;:"()[\]\\\u0000-\u001f\u007f]+@[^\s<>,;"()\\@\u0000-\u001f\u007f]+$/;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is kept out.
const PATH_OR_CONTROL = /[/\\\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;
// RFC 6838, 4.2, but for what may not be base64 (RFC 2046, 5.2.1).
const CONTENT_TYPE = /^(?!message\/|multipart\/)[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/i;

/** The first fault of a mail's addresses, headers and attachments, or null. `provider` is named to a person; it takes no header that `isForbidden`. */
export function faultOf(mail: Mail, provider: string, isForbidden: (name: string) => boolean): Outcome | null {
  return (
    addressFault(mail) ?? lineBreakFault(mail) ?? headerNameFault(mail, provider, isForbidden) ?? attachmentFault(mail)
  );
}

function addressFault(mail: Mail): Outcome | null {
  const addresses = Object.entries({
    from: mail.from.address,
    to: mail.to,
    'reply-to': mail.replyTo,
    'return path': mail.returnPath,
  });
  const bad = addresses.find(([, address]) => address !== null && !ONE_ADDRESS.test(address));
  if (bad === undefined) return null;
  return refused(LINE_BREAK.test(bad[1] ?? '') ? 'header' : 'address', `"${bad[0]}" is not one plain address`);
}

function lineBreakFault(mail: Mail): Outcome | null {
  const values = Object.entries({ ...mail.headers, from: mail.from.name ?? '', subject: mail.subject });
  const bad = values.find(([name, value]) => LINE_BREAK.test(name) || LINE_BREAK.test(value));
  return bad === undefined ? null : refused('header', `the header ${JSON.stringify(bad[0])} has a line break in it`);
}

function headerNameFault(mail: Mail, provider: string, isForbidden: (name: string) => boolean): Outcome | null {
  const bad = Object.keys(mail.headers).find((name) => !HEADER_NAME.test(name) || isForbidden(name));
  return bad === undefined ? null : refused('header', `${provider} takes no header ${JSON.stringify(bad)}`);
}

function attachmentFault({ attachments }: Mail): Outcome | null {
  const bad = attachments.find(({ name, contentType }) => !isFileName(name) || !CONTENT_TYPE.test(contentType));
  return bad === undefined
    ? null
    : refused(
        'attachment',
        `${JSON.stringify(bad.name)} is no name, or ${JSON.stringify(bad.contentType)} no type, of an attachment`,
      );
}

function isFileName(name: string): boolean {
  return name !== '' && !PATH_OR_CONTROL.test(name);
}

function refused(code: string, message: string): Outcome {
  return { kind: 'refused', code, message };
}
