// The nodes that tracking puts between a template's own.
import {
  type Context,
  type Emitter,
  type Liquid,
  Tag,
  type TagToken,
  type Template,
  type TopLevelToken,
} from 'liquidjs';
import { decodeAttribute, trackableAddress } from './link_address.ts';
import { MailContext, MailParser, NodeToken, renderNodes } from './liquid_nodes.ts';
import type { Range } from './liquid_pieces.ts';
import type { MailState } from './mail_state.ts';

function inMail(context: Context): MailContext {
  if (context instanceof MailContext) return context;
  throw new Error('a tracked link was rendered outside a mail');
}

/** Prints what follows from the mail alone. */
class MailNode extends Tag {
  readonly #print: (mail: MailState) => string;

  constructor(token: TagToken, engine: Liquid, print: (mail: MailState) => string) {
    super(token, [], engine);
    this.#print = print;
  }

  override render(context: Context, emitter: Emitter): void {
    emitter.write(this.#print(inMail(context).mail));
  }
}

/** Renders an address that has Liquid in it, and prints what becomes of it. */
class AddressNode extends Tag {
  readonly #templates: Template[];
  readonly #print: (address: string, mail: MailState) => string;

  constructor(
    token: TagToken,
    engine: Liquid,
    templates: Template[],
    print: (address: string, mail: MailState) => string,
  ) {
    super(token, [], engine);
    this.#templates = templates;
    this.#print = print;
  }

  override render(context: Context, emitter: Emitter): void {
    const mailContext = inMail(context);
    emitter.write(this.#print(renderNodes(this.#templates, mailContext), mailContext.mail));
  }
}

/** Where nodes come from: which source they stand in, and the engine its HTML is rendered by. */
export interface NodeSource {
  readonly source: string;
  readonly engine: Liquid;
}

function mailToken({ source, engine }: NodeSource, range: Range, print: (mail: MailState) => string): NodeToken {
  return new NodeToken(source, range.begin, range.end, engine, (token) => new MailNode(token, engine, print));
}

/** The picture whose loading tells that a mail was opened. */
export function pixelToken(from: NodeSource, offset: number): NodeToken {
  return mailToken(
    from,
    { begin: offset, end: offset },
    (mail) => `<img src="${mail.pixelUrl()}" width="1" height="1" alt="" style="display:none">`,
  );
}

/** A tracked address without Liquid in it. `brackets`: as plain text shows it. */
export function fixedLinkToken(from: NodeSource, range: Range, number: number, brackets: boolean): NodeToken {
  return mailToken(from, range, (mail) => (brackets ? `[${mail.clickUrl(number)}]` : mail.clickUrl(number)));
}

function addressToken(
  { source, engine }: NodeSource,
  range: Range,
  inner: TopLevelToken[],
  print: (address: string, mail: MailState) => string,
): NodeToken {
  const templates = new MailParser(engine).parseTokens(inner);
  return new NodeToken(
    source,
    range.begin,
    range.end,
    engine,
    (token) => new AddressNode(token, engine, templates, print),
  );
}

function clickUrl(written: string, mail: MailState): string | null {
  const address = trackableAddress(decodeAttribute(written));
  return address === null ? null : mail.clickUrl(mail.linkNumber(address));
}

/** An address in HTML that Liquid has a part in. What can't be tracked is left as it was written. */
export function linkToken(from: NodeSource, range: Range, inner: TopLevelToken[]): NodeToken {
  return addressToken(from, range, inner, (written, mail) => clickUrl(written, mail) ?? written);
}

/** The same address in the text made from the HTML. */
export function textLinkToken(from: NodeSource, range: Range, inner: TopLevelToken[], tracked: boolean): NodeToken {
  return addressToken(from, range, inner, (written, mail) => {
    const tracking = tracked ? clickUrl(written, mail) : null;
    const shown = tracking ?? readableAddress(decodeAttribute(written));
    return shown === '' ? '' : `[${shown}]`;
  });
}

function readableAddress(address: string): string {
  return address.trim().startsWith('#') ? '' : address.trim().replace(/^(?:mailto|tel):/i, '');
}
