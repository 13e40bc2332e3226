// Finds what tracking has to know in an HTML template: where the addresses of links stand, which links opted out, and where the
// body ends. Only offsets are taken from it; nothing is ever written back from a parsed document.
import { QuoteType, Tokenizer } from 'htmlparser2';
import type { Range } from './liquid_pieces.ts';

export interface Address extends Range {
  readonly quoted: boolean;
}

/** An element that links somewhere: a, area, and the shapes Outlook draws buttons with. */
export interface Anchor {
  /** From "<" to behind ">". */
  readonly element: Range;
  /** More than one where Liquid chooses between attributes. */
  readonly addresses: readonly Address[];
  /** The attribute data-no-track. */
  readonly optOut: Range | null;
  /** Whether it stands in a conditional comment, which text made from the HTML leaves out. */
  readonly inComment: boolean;
}

export interface HtmlScan {
  readonly anchors: readonly Anchor[];
  /** Offsets of each "</body". */
  readonly bodyEnds: readonly number[];
  /** Where people read: text, and values of attributes. Neither scripts nor styles. */
  readonly readable: readonly Range[];
}

interface Attribute extends Range {
  readonly name: string;
  value: Address | null;
}

const conditionalComment = /^\[if\s[^\]]*\]>/i;
const rawTextElements = new Set(['script', 'style']);

class Scanner implements HtmlScan {
  readonly anchors: Anchor[] = [];
  readonly bodyEnds: number[] = [];
  readonly readable: Range[] = [];
  readonly #source: string;
  readonly #inComment: boolean;
  /** Added to the tokenizer's offsets: it may have been given a part of the source. */
  readonly #shift: number;
  #element = { name: '', begin: 0 };
  #attributes: Attribute[] = [];
  #attribute = { name: '', begin: 0 };
  #value: Range | null = null;

  constructor(source: string, range: Range, inComment: boolean) {
    this.#source = source;
    this.#shift = range.begin;
    this.#inComment = inComment;
    const tokenizer = new Tokenizer({ decodeEntities: false }, this.#callbacks());
    tokenizer.write(source.slice(range.begin, range.end));
    tokenizer.end();
  }

  #callbacks(): ConstructorParameters<typeof Tokenizer>[1] {
    const nothing = (): void => {};
    return {
      onopentagname: (begin, end) => this.#openElement(begin, end),
      onattribname: (begin, end) => this.#openAttribute(begin, end),
      onattribdata: (begin, end) => this.#extendValue(begin, end),
      onattribend: (quote, end) => this.#closeAttribute(quote, end),
      onopentagend: (end) => this.#closeElement(end),
      onselfclosingtag: (end) => this.#closeElement(end),
      onclosetag: (begin, end) => this.#endElement(begin, end),
      ontext: (begin, end) => this.#text(begin, end),
      oncomment: (begin, end, offset) => this.#comment(begin, end - offset),
      onattribentity: nothing,
      oncdata: nothing,
      ondeclaration: nothing,
      onend: nothing,
      onprocessinginstruction: nothing,
      ontextentity: nothing,
    };
  }

  #name(begin: number, end: number): string {
    return this.#source.slice(begin + this.#shift, end + this.#shift).toLowerCase();
  }

  #openElement(begin: number, end: number): void {
    this.#element = { name: this.#name(begin, end), begin: begin + this.#shift - 1 };
    this.#attributes = [];
  }

  #openAttribute(begin: number, end: number): void {
    this.#attribute = { name: this.#name(begin, end), begin: begin + this.#shift };
    this.#value = null;
  }

  #extendValue(begin: number, end: number): void {
    this.#value = { begin: this.#value?.begin ?? begin + this.#shift, end: end + this.#shift };
  }

  #closeAttribute(quote: QuoteType, end: number): void {
    const quoted = quote === QuoteType.Double || quote === QuoteType.Single;
    const value = this.#value === null ? null : { ...this.#value, quoted };
    if (value !== null) this.readable.push(value);
    this.#attributes.push({ ...this.#attribute, end: end + this.#shift, value });
  }

  #closeElement(end: number): void {
    if (!this.#isLink()) return;
    const addresses = this.#attributes.filter(({ name }) => name === 'href').flatMap(({ value }) => value ?? []);
    if (addresses.length === 0) return;
    const element = { begin: this.#element.begin, end: end + this.#shift + 1 };
    this.anchors.push({ element, addresses, optOut: this.#optOut(), inComment: this.#inComment });
  }

  #isLink(): boolean {
    const { name } = this.#element;
    return name === 'a' || name === 'area' || (this.#inComment && name.startsWith('v:'));
  }

  #optOut(): Range | null {
    return this.#attributes.find(({ name }) => name === 'data-no-track') ?? null;
  }

  #endElement(begin: number, end: number): void {
    if (this.#name(begin, end) === 'body') this.bodyEnds.push(begin + this.#shift - 2);
    this.#element = { name: '', begin: 0 };
  }

  #text(begin: number, end: number): void {
    if (!rawTextElements.has(this.#element.name)) {
      this.readable.push({ begin: begin + this.#shift, end: end + this.#shift });
    }
  }

  /** Outlook reads what stands in `<!--[if mso]> … <![endif]-->`, so its links count. */
  #comment(begin: number, end: number): void {
    const inner = { begin: begin + this.#shift, end: end + this.#shift };
    const condition = conditionalComment.exec(this.#source.slice(inner.begin, inner.end))?.[0];
    if (condition === undefined || this.#inComment) return;
    const scan = new Scanner(this.#source, { begin: inner.begin + condition.length, end: inner.end }, true);
    this.anchors.push(...scan.anchors);
  }
}

/** @param html the template with its Liquid masked: offsets refer to it. */
export function scanHtml(html: string): HtmlScan {
  return new Scanner(html, { begin: 0, end: html.length }, false);
}
