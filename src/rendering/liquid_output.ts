// What `{{ … }}` prints, and where to.
import { type Context, type Emitter, type Filter, type Liquid, Output, TypeGuards, toValue } from 'liquidjs';
import { readerOf, shorten, type VariableReader } from './liquid_expressions.ts';

/** Collects a part of a mail. */
export class TextEmitter implements Emitter {
  buffer = '';

  write(value: unknown): void {
    this.buffer += typeof value === 'string' ? value : printed(value);
  }
}

/** As LiquidJS prints values: nothing for nil, lists without separators. */
export function printed(value: unknown): string {
  const plain: unknown = toValue(value);
  if (plain === undefined || plain === null) return '';
  return Array.isArray(plain) ? plain.map(printed).join('') : String(plain);
}

/** Most outputs are a given variable, perhaps with a default that is a text. */
interface SimpleOutput {
  readonly read: VariableReader;
  readonly fallback: string | null;
}

/** Has been run to its end: there is nothing left to do for LiquidJS. */
const finished: IterableIterator<unknown> = (function* nothing() {})();

export class MailOutput extends Output {
  readonly #engine: Liquid;
  readonly #simple: SimpleOutput | null;
  /** Whether `default` stands anywhere in the chain of filters; LiquidJS only looks at the first. */
  readonly #lenient: boolean;

  constructor(token: Output['token'], engine: Liquid) {
    super(token, engine);
    shorten(this.value);
    this.#engine = engine;
    this.#simple = simpleOutput(this, engine);
    this.#lenient = this.value.filters.some((filter) => filter.name === 'default');
  }

  override render(context: Context, emitter: Emitter): IterableIterator<unknown> {
    if (this.#simple === null) return this.#renderFiltered(context, emitter);
    emitter.write(this.#escaped(simpleValue(this.#simple, context), context));
    return finished;
  }

  *#renderFiltered(context: Context, emitter: Emitter): IterableIterator<unknown> {
    emitter.write(yield this.value.value(context, this.#lenient));
  }

  #escaped(value: unknown, context: Context): unknown {
    const call = { context, token: this.token, liquid: this.#engine };
    return this.#engine.options.outputEscape?.call(call, value);
  }
}

function simpleOutput({ value }: Output, engine: Liquid): SimpleOutput | null {
  const read = readerOf(value.initial);
  // LiquidJS appends the escaping as a filter without a registered name, unless the chain ends raw.
  const filters = value.filters.slice(0, -1);
  const endsEscaped = value.filters.length > 0 && !((value.filters.at(-1)?.name ?? '') in engine.filters);
  if (read === null || !endsEscaped || filters.length > 1) return null;
  const [filter] = filters;
  if (filter === undefined) return { read, fallback: null };
  const fallback = textDefault(filter);
  return fallback === null ? null : { read, fallback };
}

function textDefault({ name, args }: Filter): string | null {
  const [argument] = args;
  return name === 'default' && args.length === 1 && TypeGuards.isQuotedToken(argument) ? argument.content : null;
}

function simpleValue({ read, fallback }: SimpleOutput, context: Context): unknown {
  if (fallback === null) return read(context, false);
  const value = read(context, true);
  const isEmpty = value === null || value === false || value === '' || (Array.isArray(value) && value.length === 0);
  return isEmpty ? fallback : value;
}
