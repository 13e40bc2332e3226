// A template taken apart into literal text and Liquid, each with its place in the source, so that an HTML parser can look at the
// literals alone and the template can be put together again with nodes of ours in it, all else byte for byte the same.
import { type Liquid, Token, Tokenizer, TokenKind, type TopLevelToken, TypeGuards } from 'liquidjs';

export interface Range {
  readonly begin: number;
  readonly end: number;
}

export interface Piece extends Range {
  readonly kind: 'literal' | 'output' | 'tag';
  /** The tag's name; empty for the others. */
  readonly name: string;
  readonly token: TopLevelToken;
}

/** Replaces a range of the source by tokens, given those that stood there. */
export interface Edit extends Range {
  readonly replace: (inner: TopLevelToken[]) => TopLevelToken[];
}

class LiteralToken extends Token {
  trimLeft = 0;
  trimRight = 0;

  constructor(source: string, begin: number, end: number) {
    super(TokenKind.HTML, source, begin, end);
  }

  getContent(): string {
    return this.getText();
  }
}

/** A literal that stands nowhere in the source. */
export class InsertedText extends LiteralToken {
  readonly #text: string;

  constructor(text: string) {
    super(text, 0, text.length);
    this.#text = text;
  }

  override getContent(): string {
    return this.#text;
  }
}

/**
 * The tokens of a template, fresh each time: parsing uses them up. Liquid's comments are left out, and so are `raw` and `endraw`, while what
 * they enclose stays as a literal; whitespace control has been applied.
 * @throws LiquidError when a delimiter is not closed.
 */
export function liquidPieces(source: string, engine: Liquid): Piece[] {
  const tokens = new Tokenizer(source, engine.options.operators).readTopLevelTokens(engine.options);
  const pieces: Piece[] = [];
  let inComment = false;
  for (const token of tokens) {
    const piece = pieceOf(token, source);
    if (piece.name === 'comment') inComment = true;
    if (!inComment && piece.name !== 'raw' && piece.name !== 'endraw' && piece.end > piece.begin) pieces.push(piece);
    if (piece.name === 'endcomment') inComment = false;
  }
  return pieces;
}

function pieceOf(token: TopLevelToken, source: string): Piece {
  if (TypeGuards.isTagToken(token)) return { kind: 'tag', name: token.name, begin: token.begin, end: token.end, token };
  if (TypeGuards.isOutputToken(token)) return { kind: 'output', name: '', begin: token.begin, end: token.end, token };
  const begin = token.begin + Number(token.trimLeft);
  return literal(source, begin, Math.max(begin, token.end - Number(token.trimRight)));
}

function literal(source: string, begin: number, end: number): Piece {
  return { kind: 'literal', name: '', begin, end, token: new LiteralToken(source, begin, end) };
}

/** The pieces within a range; literals are cut at its borders. */
export function piecesWithin(pieces: readonly Piece[], source: string, { begin, end }: Range): Piece[] {
  const found: Piece[] = [];
  for (let i = firstEndingAfter(pieces, begin); i < pieces.length; i++) {
    const piece = pieces[i];
    if (piece === undefined || piece.begin >= end) break;
    const inside = piece.begin >= begin && piece.end <= end;
    found.push(inside ? piece : literal(source, Math.max(piece.begin, begin), Math.min(piece.end, end)));
  }
  return found;
}

function firstEndingAfter(pieces: readonly Piece[], offset: number): number {
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((pieces[middle]?.end ?? 0) > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}

export const tokensOf = (pieces: readonly Piece[]): TopLevelToken[] => pieces.map((piece) => piece.token);

/** Puts a template together again with some ranges replaced. Edits must not overlap. */
export function applyEdits(pieces: readonly Piece[], source: string, edits: readonly Edit[]): TopLevelToken[] {
  const take = (begin: number, end: number): TopLevelToken[] =>
    begin < end ? tokensOf(piecesWithin(pieces, source, { begin, end })) : [];
  const parts: TopLevelToken[][] = [];
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    parts.push(take(at, edit.begin), edit.replace(take(edit.begin, edit.end)));
    at = edit.end;
  }
  parts.push(take(at, source.length));
  return parts.flat();
}

/**
 * The source as an HTML parser should see it, of the same length: outputs as letters, for they may be (part of) an unquoted value;
 * everything else that is not literal as spaces, for tags stand between attributes.
 */
export function masked(pieces: readonly Piece[], length: number): string {
  let text = '';
  for (const piece of pieces) {
    text = text.padEnd(piece.begin);
    if (piece.kind === 'literal') text += piece.token.getText();
    else text += (piece.kind === 'output' ? 'x' : ' ').repeat(piece.end - piece.begin);
  }
  return text.padEnd(length);
}

const blockTags = new Set(['if', 'unless', 'case', 'for', 'tablerow', 'capture']);
const middleTags = new Set(['else', 'elsif', 'when']);

/** How deep in Liquid blocks the place after these pieces is; null when they leave a block that began before them. */
export function nesting(pieces: readonly Piece[]): number | null {
  let depth = 0;
  for (const { name } of pieces) {
    if (blockTags.has(name)) depth++;
    if (name.startsWith('end')) depth--;
    if (depth < 0 || (depth === 0 && middleTags.has(name))) return null;
  }
  return depth;
}

/** Whether pieces form whole blocks, so that they can be rendered on their own. */
export const isBalanced = (pieces: readonly Piece[]): boolean => nesting(pieces) === 0;

/** Line of a place in the source, from 1. */
export function lineAt(source: string, offset: number): number {
  return source.slice(0, offset).split('\n').length;
}
