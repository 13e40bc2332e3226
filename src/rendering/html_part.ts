// Compiles the HTML of a template: everything about links and the pixel is decided here, once, so that rendering for a recipient
// is Liquid alone.
import type { Liquid, Template, TopLevelToken } from 'liquidjs';
import { type Address, type Anchor, type HtmlScan, scanHtml } from './html_scan.ts';
import { decodeAttribute, trackableAddress } from './link_address.ts';
import { fixedLinkToken, linkToken, pixelToken } from './link_nodes.ts';
import { htmlEngine } from './liquid_engine.ts';
import { MailParser } from './liquid_nodes.ts';
import {
  applyEdits,
  type Edit,
  isBalanced,
  lineAt,
  liquidPieces,
  masked,
  nesting,
  type Piece,
  piecesWithin,
  type Range,
} from './liquid_pieces.ts';
import type { FixedLinks } from './mail_state.ts';

export interface Tracking {
  readonly opens: boolean;
  readonly clicks: boolean;
}

/** A link whose clicks can not be counted; the mail has it as it was written. */
export interface UntrackedLink {
  readonly line: number;
  readonly reason: string;
}

/** An HTML template taken apart. Its tokens are used up by parsing, its ranges are good for ever. */
export class HtmlSource {
  readonly text: string;
  readonly engine: Liquid = htmlEngine;
  readonly pieces: readonly Piece[];
  readonly scan: HtmlScan;

  constructor(text: string) {
    this.text = text;
    this.pieces = liquidPieces(text, htmlEngine);
    this.scan = scanHtml(masked(this.pieces, text.length));
  }

  within(range: Range): Piece[] {
    return range.begin < range.end ? piecesWithin(this.pieces, this.text, range) : [];
  }

  /** The address itself when no Liquid has a part in it, decoded. */
  fixedAddress(address: Range): string | null {
    const pieces = this.within(address);
    const isLiteral = pieces.every(({ kind }) => kind === 'literal');
    return isLiteral ? decodeAttribute(pieces.map(({ token }) => token.getText()).join('')) : null;
  }

  /** Why an address can't be replaced as a whole, or null when it can. */
  obstacle(address: Address): string | null {
    if (!isBalanced(this.within(address))) return 'its address begins and ends in different branches of a Liquid tag';
    const touching =
      !address.quoted &&
      this.pieces.some(({ kind, begin, end }) => kind === 'tag' && (end === address.begin || begin === address.end));
    return touching ? 'its address has no quotation marks and a Liquid tag beside it' : null;
  }
}

export interface HtmlPart {
  readonly templates: Template[];
  readonly untracked: readonly UntrackedLink[];
}

/** @param fixedLinks is given the addresses without Liquid in them. */
export function compileHtml(html: string, tracking: Tracking, fixedLinks: FixedLinks): HtmlPart {
  const source = new HtmlSource(html);
  const { anchors } = source.scan;
  const tracked = tracking.clicks ? anchors.filter(({ optOut }) => optOut === null) : [];
  const edits = [
    ...tracked.flatMap((anchor) => linkEdits(source, anchor, fixedLinks)),
    ...anchors.flatMap((anchor) => optOutEdits(source, anchor)),
    ...(tracking.opens ? [pixelEdit(source)] : []),
  ];
  const templates = new MailParser(htmlEngine).parseTokens(applyEdits(source.pieces, html, edits));
  return { templates, untracked: tracked.flatMap((anchor) => untrackedLinks(source, anchor)) };
}

function linkEdits(source: HtmlSource, { addresses }: Anchor, fixedLinks: FixedLinks): Edit[] {
  return addresses
    .filter((address) => source.obstacle(address) === null)
    .flatMap((address) => {
      const replace = linkReplacement(source, address, fixedLinks);
      return replace === null ? [] : [{ begin: address.begin, end: address.end, replace }];
    });
}

function linkReplacement(source: HtmlSource, address: Address, fixedLinks: FixedLinks): Edit['replace'] | null {
  const from = { source: source.text, engine: source.engine };
  const fixed = source.fixedAddress(address);
  if (fixed === null) return (inner) => [linkToken(from, address, inner)];
  const target = trackableAddress(fixed);
  if (target === null) return null;
  const number = fixedLinks.add(target);
  return () => [fixedLinkToken(from, address, number, false)];
}

function untrackedLinks(source: HtmlSource, { addresses }: Anchor): UntrackedLink[] {
  return addresses.flatMap((address) => {
    const reason = source.obstacle(address);
    return reason === null ? [] : [{ line: lineAt(source.text, address.begin), reason }];
  });
}

/** Takes data-no-track out, with the white space before it. */
function optOutEdits(source: HtmlSource, { optOut }: Anchor): Edit[] {
  if (optOut === null || !isBalanced(source.within(optOut))) return [];
  let { begin } = optOut;
  while (/\s/.test(source.text.charAt(begin - 1))) begin--;
  return [{ begin, end: optOut.end, replace: () => [] }];
}

function pixelEdit(source: HtmlSource): Edit {
  const offset = endOfBody(source);
  const pixel = (inner: TopLevelToken[]): TopLevelToken[] => [
    pixelToken({ source: source.text, engine: source.engine }, offset),
    ...inner,
  ];
  return { begin: offset, end: offset, replace: pixel };
}

/** Before the last "</body>" that every mail has, else the very end. */
function endOfBody({ text, scan, pieces }: HtmlSource): number {
  const everyMail = (offset: number): boolean => nesting(pieces.filter(({ begin }) => begin < offset)) === 0;
  return scan.bodyEnds.findLast(everyMail) ?? text.length;
}
