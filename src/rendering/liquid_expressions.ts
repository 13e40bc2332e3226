// A shorter way to the value of a variable. LiquidJS goes through a dozen generators for `contact.first_name`, and throws an error,
// stack trace and all, where one is missing that may be: a third of the rendering time went there.
import {
  type Context,
  Expression,
  evalToken,
  type Token,
  TypeGuards,
  UndefinedVariableError,
  type Value,
} from 'liquidjs';
import { segmentsOf } from './conditions.ts';

/** What a template is given. It can not use these names for its own, so they are found without looking into its scopes. */
export const givenNames: ReadonlySet<string> = new Set(['contact', 'task', 'sender', 'unsubscribe_url']);

/** Reads one of the given variables. Lenient: null for a missing one, which is an error otherwise. */
export type VariableReader = (context: Context, lenient: boolean) => unknown;

class DirectExpression extends Expression {
  readonly readers: readonly (VariableReader | null)[];

  constructor(postfix: readonly Token[]) {
    // The constructor of Expression would sort tokens again that are in postfix order already.
    super([]);
    this.postfix.push(...postfix);
    this.readers = postfix.map(readerFor);
  }

  override *evaluate(context: Context, lenient = false): Generator<unknown, unknown, unknown> {
    const operands: unknown[] = [];
    for (const [index, token] of this.postfix.entries()) {
      const read = this.readers[index];
      if (TypeGuards.isOperatorToken(token)) operands.push(yield applied(token.operator, operands, context));
      else operands.push(read ? read(context, lenient) : yield evalToken(token, context, lenient));
    }
    return operands[0];
  }
}

function applied(operator: string, operands: unknown[], context: Context): unknown {
  const right = operands.pop();
  const apply = context.opts.operators[operator];
  return operator === 'not' ? apply?.(right, context, context) : apply?.(operands.pop(), right, context);
}

function readerFor(token: Token): VariableReader | null {
  const names = TypeGuards.isPropertyAccessToken(token) ? segmentsOf(token) : null;
  if (names === null || !givenNames.has(names[0] ?? '')) return null;
  return (context, lenient) => {
    const value: unknown = names.reduce((scope, name) => context.readProperty(scope, name), context.environments);
    if (value !== undefined) return value;
    if (lenient) return null;
    throw new UndefinedVariableError(new Error('undefined variable'), token);
  };
}

/** Makes a value take the shorter way. */
export function shorten(value: Value): void {
  if (value.initial instanceof DirectExpression) return;
  Object.assign(value, { initial: new DirectExpression(value.initial.postfix) });
}

/** The reader of an expression that is a given variable and nothing else. */
export function readerOf(expression: Expression): VariableReader | null {
  return expression instanceof DirectExpression && expression.postfix.length === 1
    ? (expression.readers[0] ?? null)
    : null;
}
