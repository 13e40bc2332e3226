// LiquidJS, set up for mail: strict about variables, without access to files, and escaping what it prints into HTML.
import {
  type Context,
  Drop,
  defaultOperators,
  type Emitter,
  type FilterImplOptions,
  filters,
  Liquid,
  type LiquidOptions,
  type Operators,
  TablerowTag,
  Tag,
  type TagToken,
  type TopLevelToken,
} from 'liquidjs';
import { printed } from './liquid_output.ts';

/** Longest template, in characters. Gmail cuts a mail off after 102 KB. */
export const MAX_TEMPLATE_LENGTH = 500_000;
/** Most outputs and tags in a template: LiquidJS looks for the line of each from the top. */
export const MAX_LIQUID_PIECES = 5_000;
/** Characters and list entries that the filters and ranges of one rendering may make. */
const MEMORY_LIMIT = 5_000_000;

type FilterHandler = Extract<FilterImplOptions, (...parameters: never[]) => unknown>;
type OperatorResult = ReturnType<Operators[string]>;
type BinaryOperator = (left: unknown, right: unknown, context: Context) => OperatorResult;
type FilterCall = ThisParameterType<FilterHandler>;

/** An output without a value. strictVariables sees undefined only: not null, and not what a filter came to. */
export class NothingToPrint extends Error {
  constructor() {
    super('it prints nothing');
  }
}

function present(this: FilterCall, value: unknown): unknown {
  if (value === undefined || value === null) throw new NothingToPrint();
  // LiquidJS counts what filters make, not what is printed; a capture that prints itself twice would grow without bound.
  if (typeof value === 'string') this.context.memoryLimit.use(value.length);
  return value;
}

const special = /[&<>"']/;
const specials = /[&<>"']/g;
const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
};

function escapeHtml(this: FilterCall, value: unknown): string {
  const text = printed(present.call(this, value));
  return special.test(text) ? text.replace(specials, (character) => references[character] ?? character) : text;
}

function handlerOf(name: string): FilterHandler {
  const filter = filters[name];
  if (typeof filter !== 'function') throw new Error(`LiquidJS has no filter "${name}"`);
  return filter;
}

const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (value instanceof Drop && isNothing(value.valueOf()));

// An attribute that is empty counts as absent, so what is absent must equal the empty values templates compare with. And it is
// neither less nor greater than anything: to JavaScript, null is less than 18.
const operators: Operators = {
  ...defaultOperators,
  '==': (left, right, context) => (isNothing(left) && isNothing(right)) || usual('==', left, right, context),
  '!=': (left, right, context) => !(isNothing(left) && isNothing(right)) && usual('!=', left, right, context),
  ...Object.fromEntries(['<', '>', '<=', '>='].map((name) => [name, comparison(name)])),
};

function comparison(name: string): BinaryOperator {
  return (left, right, context) => !isNothing(left) && !isNothing(right) && usual(name, left, right, context);
}

function usual(name: string, ...operands: Parameters<BinaryOperator>): OperatorResult {
  return defaultOperators[name]?.(...operands) ?? false;
}

const options: LiquidOptions = {
  operators,
  templates: {},
  strictFilters: true,
  strictVariables: true,
  lenientIf: true,
  ownPropertyOnly: true,
  memoryLimit: MEMORY_LIMIT,
  // Wherever a mail is rendered, its dates read the same.
  timezoneOffset: 0,
  locale: 'en-US',
};

class ForbiddenTag extends Tag {
  constructor(token: TagToken, remaining: TopLevelToken[], liquid: Liquid) {
    super(token, remaining, liquid);
    throw new Error(`the tag "${token.name}" is not available, a template can not read files or other templates`);
  }

  override render(): void {}
}

/** Without the markup of a table's rows and cells. */
class PlainTablerowTag extends TablerowTag {
  override *render(context: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    const write = (text: unknown): void => {
      if (typeof text !== 'string' || !rowMarkup.test(text)) emitter.write(text);
    };
    yield super.render(context, { write, buffer: '' });
  }
}

const rowMarkup = /^<\/?t[rd](?: class="(?:row|col)\d+")?>$/;

function createEngine(outputEscape: FilterHandler): Liquid {
  const engine = new Liquid({ ...options, outputEscape });
  for (const name of ['include', 'render', 'layout', 'block']) engine.registerTag(name, ForbiddenTag);
  engine.registerFilter('raw', { raw: true, handler: present });
  return engine;
}

function createHtmlEngine(): Liquid {
  const engine = createEngine(escapeHtml);
  // What was escaped by hand is not escaped twice.
  for (const name of ['escape', 'escape_once', 'xml_escape']) {
    engine.registerFilter(name, { raw: true, handler: handlerOf(name) });
  }
  return engine;
}

function createPlainEngine(): Liquid {
  const engine = createEngine(present);
  // Text made from HTML takes over its filters and tags, and has nothing to mark up.
  engine.registerTag('tablerow', PlainTablerowTag);
  for (const name of ['escape', 'escape_once', 'xml_escape', 'newline_to_br']) {
    engine.registerFilter(name, (value: unknown) => value);
  }
  return engine;
}

/** Escapes what it prints. */
export const htmlEngine = createHtmlEngine();
/** For subject and plain text: prints as is. */
export const plainEngine = createPlainEngine();
