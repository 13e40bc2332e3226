/** Text that is HTML already. */
export class Html {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** HTML with values put in, each escaped unless it is HTML itself; null puts in nothing. */
export function html(pieces: TemplateStringsArray, ...values: readonly (string | Html | null)[]): Html {
  return new Html(String.raw({ raw: pieces }, ...values.map(sourceOf)));
}

function sourceOf(value: string | Html | null): string {
  if (value === null) return '';
  return value instanceof Html ? value.source : escaped(value);
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character] ?? '');
}
