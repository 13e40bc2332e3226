// How a mail's Liquid is parsed and rendered: LiquidJS with a parser that accepts nodes of ours between its own, and a context
// that knows which mail is being rendered.
import {
  type Arguments,
  Context,
  type Emitter,
  type Liquid,
  LiquidError,
  Output,
  ParseError,
  Parser,
  RenderError,
  type Tag,
  TagToken,
  type Template,
  Tokenizer,
  type TopLevelToken,
  TypeGuards,
  toValueSync,
  Value,
} from 'liquidjs';
import { MAX_LIQUID_PIECES, MAX_TEMPLATE_LENGTH } from './liquid_engine.ts';
import { givenNames, shorten } from './liquid_expressions.ts';
import { MailOutput, TextEmitter } from './liquid_output.ts';
import type { MailState } from './mail_state.ts';

type Node = ReturnType<Parser['parseToken']>;

export class MailContext extends Context {
  readonly mail: MailState;

  constructor(scope: object, engine: Liquid, mail: MailState) {
    super(scope, engine.options, { sync: true }, { liquid: engine });
    this.mail = mail;
    // LiquidJS asks before each node whether its time is up. Steps are counted instead: a verdict must not depend on
    // how busy the machine is, and a process that was stopped must not fail a recipient.
    this.renderLimit.check = mail.step;
  }
}

/** Renders one part of one mail. @throws LiquidError naming the place in the template. */
export function renderPart(templates: readonly Template[], scope: object, engine: Liquid, mail: MailState): string {
  return renderNodes(templates, new MailContext(scope, engine, mail));
}

/** What LiquidJS does in renderTemplates, without a generator and two looks at the clock for each node. */
export function renderNodes(templates: readonly Template[], context: MailContext): string {
  const emitter = new TextEmitter();
  for (const template of templates) {
    renderNode(template, context, emitter);
    if (context.breakCalled || context.continueCalled) break;
  }
  return emitter.buffer;
}

function renderNode(template: Template, context: MailContext, emitter: Emitter): void {
  try {
    context.mail.step();
    const text: unknown = toValueSync(template.render(context, emitter));
    if (text) emitter.write(text);
  } catch (error) {
    if (LiquidError.is(error)) throw error;
    throw new RenderError(error instanceof Error ? error : new Error(String(error)), template);
  }
}

/** Stands for a node of ours among the tokens of a template; errors in it point at the range it stands for. */
export class NodeToken extends TagToken {
  readonly create: (token: TagToken) => Tag;

  constructor(source: string, begin: number, end: number, engine: Liquid, create: (token: TagToken) => Tag) {
    const placeholder = '{%mail%}';
    super(placeholder, 0, placeholder.length, engine.options);
    this.input = source;
    this.begin = begin;
    this.end = end;
    this.create = create;
  }
}

export class MailParser extends Parser {
  readonly #engine: Liquid;

  constructor(engine: Liquid) {
    super(engine);
    this.#engine = engine;
  }

  override parseToken(token: TopLevelToken, remaining: TopLevelToken[]): Node {
    if (token instanceof NodeToken) return token.create(token);
    const node = this.#mailNode(super.parseToken(token, remaining));
    for (const argument of argumentsOf(node)) if (argument instanceof Value) shorten(argument);
    return node;
  }

  #mailNode(node: Node): Node {
    if (node instanceof Output) return new MailOutput(node.token, this.#engine);
    if (TypeGuards.isHTMLToken(node.token)) return withPlainRender(node, node.token.getContent());
    refuseGivenNames(node);
    return node;
  }
}

/** A literal that writes itself without the generator LiquidJS makes for it. */
function withPlainRender<T extends object>(node: T, text: string): T {
  const render = (_context: Context, emitter: Emitter): void => emitter.write(text);
  Object.assign(node, { render });
  return node;
}

function argumentsOf(template: Template): Arguments {
  return template.arguments?.() ?? [];
}

/** What is given can be read without looking into the template's own scopes, which makes rendering faster and references clear. */
function refuseGivenNames(template: Template): void {
  const own = [
    ...(template.blockScope?.() ?? []),
    ...[...(template.localScope?.() ?? [])].map(({ content }) => content),
  ];
  const taken = own.find((name) => givenNames.has(name));
  if (taken === undefined) return;
  const reason = `${taken} is given to the template, which can not use the name for a value of its own`;
  throw new ParseError(new Error(reason), template.token);
}

/** Parses a whole part as it was written, without nodes of ours. @throws Error when it is too large, LiquidError naming the place. */
export function parsePart(source: string, engine: Liquid): Template[] {
  if (source.length > MAX_TEMPLATE_LENGTH) throw new Error(`it has more than ${MAX_TEMPLATE_LENGTH} characters`);
  const tokens = new Tokenizer(source, engine.options.operators).readTopLevelTokens(engine.options);
  if (tokens.length > MAX_LIQUID_PIECES) throw new Error(`it has more than ${MAX_LIQUID_PIECES} Liquid tags`);
  return new MailParser(engine).parseTokens(tokens);
}
