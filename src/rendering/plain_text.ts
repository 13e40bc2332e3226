// Makes the plain text of a template that has none from its HTML, as a template of its own: the Liquid that stands in the HTML
// stands in the text.
import type { Template, TopLevelToken } from 'liquidjs';
import { HtmlSource, type Tracking } from './html_part.ts';
import type { Address, Anchor } from './html_scan.ts';
import { mark, type TextItem, textOf } from './html_to_text.ts';
import { trackableAddress } from './link_address.ts';
import { fixedLinkToken, textLinkToken } from './link_nodes.ts';
import { plainEngine } from './liquid_engine.ts';
import { MailParser } from './liquid_nodes.ts';
import { InsertedText, isBalanced, type Piece, type Range, tokensOf } from './liquid_pieces.ts';
import type { FixedLinks } from './mail_state.ts';

/** Tags that print something: one lost with the attribute it stood in must not turn up in the text. */
const printingTags = new Set(['echo', 'cycle', 'increment', 'decrement']);

/** @param fixedLinks as compiling the HTML left it: links have the same numbers in both. */
export function compilePlainText(html: string, tracking: Tracking, fixedLinks: FixedLinks): Template[] {
  return new MailParser(plainEngine).parseTokens(new TextMaker(html, tracking, fixedLinks).tokens());
}

class TextMaker {
  readonly #source: HtmlSource;
  readonly #tracking: Tracking;
  readonly #fixedLinks: FixedLinks;
  /** Links whose opening tag is replaced as a whole. */
  readonly #anchors: readonly Anchor[];
  /** Tags that are not in the text yet. They go in in their order, or blocks would come apart. */
  #waiting: readonly Piece[];

  constructor(html: string, tracking: Tracking, fixedLinks: FixedLinks) {
    this.#source = new HtmlSource(html);
    this.#tracking = tracking;
    this.#fixedLinks = fixedLinks;
    this.#anchors = this.#source.scan.anchors.filter((anchor) => this.#isReplaced(anchor));
    this.#waiting = this.#source.pieces.filter((piece) => isSilentTag(piece) && !this.#isInAnchor(piece));
  }

  tokens(): TopLevelToken[] {
    const tokens = textOf(this.#markedHtml()).flatMap((item) => this.#itemTokens(item));
    return [...tokens, ...this.#takeWaiting(Number.POSITIVE_INFINITY)];
  }

  /** Whatever Liquid the opening tag has must be whole blocks. Fixed addresses that aren't tracked need nothing from us. */
  #isReplaced({ element, addresses, inComment, optOut }: Anchor): boolean {
    if (inComment || !isBalanced(this.#source.within(element))) return false;
    if (addresses.some((address) => this.#source.obstacle(address) !== null)) return false;
    return addresses.length > 1 || addresses.some((address) => this.#fixedText(address, optOut === null) === null);
  }

  #isInAnchor(piece: Piece): boolean {
    return this.#anchors.some(({ element }) => isWithin(piece, element));
  }

  /** The HTML with marks for Liquid where it can be read, and for links. */
  #markedHtml(): string {
    let marked = '';
    let at = 0;
    for (const [number, { element }] of this.#anchors.entries()) {
      marked += `${this.#markedRange({ begin: at, end: element.begin })}<a href="${mark('a', number)}">`;
      at = element.end;
    }
    return marked + this.#markedRange({ begin: at, end: this.#source.text.length });
  }

  #markedRange(range: Range): string {
    return this.#source
      .within(range)
      .map((piece) => (piece.kind === 'literal' ? piece.token.getText() : this.#markOf(piece)))
      .join('');
  }

  #markOf(piece: Piece): string {
    const isReadable = this.#source.scan.readable.some((range) => isWithin(piece, range));
    if (!isReadable) return piece.kind === 'tag' ? ' ' : 'x';
    return mark(piece.kind === 'tag' ? 't' : 'o', this.#source.pieces.indexOf(piece));
  }

  #itemTokens(item: TextItem): TopLevelToken[] {
    if (typeof item === 'string') return [new InsertedText(item)];
    if (item.kind === 'a') return this.#anchorTokens(this.#anchors[item.number]);
    const piece = this.#source.pieces[item.number];
    if (piece === undefined) return [];
    const before = this.#takeWaiting(piece.end);
    return isSilentTag(piece) ? before : [...before, piece.token];
  }

  /** The waiting tags up to an offset. */
  #takeWaiting(end: number): TopLevelToken[] {
    const first = this.#waiting.findIndex((piece) => piece.end > end);
    const count = first === -1 ? this.#waiting.length : first;
    const taken = this.#waiting.slice(0, count);
    this.#waiting = this.#waiting.slice(count);
    return tokensOf(taken);
  }

  #anchorTokens(anchor: Anchor | undefined): TopLevelToken[] {
    if (anchor === undefined) return [];
    const tokens = this.#takeWaiting(anchor.element.begin);
    let at = anchor.element.begin;
    for (const address of anchor.addresses) {
      tokens.push(...this.#silentTokens({ begin: at, end: address.begin }), this.#addressToken(anchor, address));
      at = address.end;
    }
    return [...tokens, ...this.#silentTokens({ begin: at, end: anchor.element.end })];
  }

  #silentTokens(range: Range): TopLevelToken[] {
    return tokensOf(this.#source.within(range).filter(isSilentTag));
  }

  #addressToken({ optOut }: Anchor, address: Address): TopLevelToken {
    const from = { source: this.#source.text, engine: this.#source.engine };
    const fixed = this.#source.fixedAddress(address);
    if (fixed === null) {
      return textLinkToken(from, address, tokensOf(this.#source.within(address)), this.#isTracked(optOut === null));
    }
    const number = this.#fixedNumber(fixed, optOut === null);
    return number === undefined ? new InsertedText(`[${fixed}]`) : fixedLinkToken(from, address, number, true);
  }

  /** What text shows for an address that is the same in every mail; null when it differs. */
  #fixedText(address: Address, mayTrack: boolean): string | null {
    const fixed = this.#source.fixedAddress(address);
    return fixed === null || this.#fixedNumber(fixed, mayTrack) !== undefined ? null : fixed;
  }

  #fixedNumber(fixed: string, mayTrack: boolean): number | undefined {
    const target = this.#isTracked(mayTrack) ? trackableAddress(fixed) : null;
    return target === null ? undefined : this.#fixedLinks.numberOf(target);
  }

  #isTracked(mayTrack: boolean): boolean {
    return this.#tracking.clicks && mayTrack;
  }
}

function isSilentTag({ kind, name }: Piece): boolean {
  return kind === 'tag' && !printingTags.has(name);
}

function isWithin(piece: Range, range: Range): boolean {
  return piece.begin >= range.begin && piece.end <= range.end;
}
