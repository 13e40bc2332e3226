// What a condition proves: `{% if contact.city %}` proves within its branch that contact.city has a value.
import { type PropertyAccessToken, type Token, TypeGuards, type Value } from 'liquidjs';

/** Paths, such as `contact.city`, that surely have a value when the condition holds, and when it does not. */
export interface Proof {
  readonly whenTrue: ReadonlySet<string>;
  readonly whenFalse: ReadonlySet<string>;
}

interface Operand extends Proof {
  readonly path: string | null;
  /** One of the values that what is absent equals: nil, empty, blank, "". */
  readonly isNothing: boolean;
}

const none: ReadonlySet<string> = new Set();
const unproven: Operand = { whenTrue: none, whenFalse: none, path: null, isNothing: false };
const nothings = new Set(['nil', 'null', 'empty', 'blank', '""', "''"]);

/** The names a variable is reached by, such as `contact` and `city`; null when one is computed. */
export function segmentsOf(token: PropertyAccessToken): string[] | null {
  const names = token.props.flatMap((prop) => ('content' in prop ? [String(prop.content)] : []));
  return token.variable === undefined && names.length === token.props.length ? names : null;
}

export const pathOf = (token: PropertyAccessToken): string | null => segmentsOf(token)?.join('.') ?? null;

export function proofOf(condition: Value): Proof {
  if (condition.filters.length > 0) return unproven;
  const operands: Operand[] = [];
  for (const token of condition.initial.postfix) {
    if (TypeGuards.isOperatorToken(token)) operands.push(applied(token.operator, operands));
    else operands.push(operandOf(token));
  }
  return operands[0] ?? unproven;
}

function operandOf(token: Token): Operand {
  const path = TypeGuards.isPropertyAccessToken(token) ? pathOf(token) : null;
  const isNothing = nothings.has(token.getText());
  return { path, isNothing, whenTrue: path === null ? none : new Set([path]), whenFalse: none };
}

function applied(operator: string, operands: Operand[]): Operand {
  const right = operands.pop() ?? unproven;
  if (operator === 'not') return { ...unproven, whenTrue: right.whenFalse, whenFalse: right.whenTrue };
  const left = operands.pop() ?? unproven;
  return { ...unproven, ...combined(operator, left, right) };
}

function combined(operator: string, left: Operand, right: Operand): Proof {
  if (operator === 'and') return both(left, right);
  if (operator === 'or') return swapped(both(swapped(left), swapped(right)));
  if (operator === '!=') return swapped(equality(left, right));
  if (operator === '==') return equality(left, right);
  return { whenTrue: pathsOf(left, right), whenFalse: none };
}

function both(left: Proof, right: Proof): Proof {
  const whenFalse = [...left.whenFalse].filter((path) => right.whenFalse.has(path));
  return { whenTrue: union(left.whenTrue, right.whenTrue), whenFalse: new Set(whenFalse) };
}

export function union(some: ReadonlySet<string>, others: ReadonlySet<string>): ReadonlySet<string> {
  return others.size === 0 ? some : new Set([...some, ...others]);
}

/** What the opposite condition proves. */
export function swapped({ whenTrue, whenFalse }: Proof): Proof {
  return { whenTrue: whenFalse, whenFalse: whenTrue };
}

/** What equals a real value is there; what differs from nothing is there; two variables may both be absent. */
function equality(left: Operand, right: Operand): Proof {
  if (left.isNothing || right.isNothing) return { whenTrue: none, whenFalse: pathsOf(left, right) };
  const oneVariable = left.path === null || right.path === null;
  return { whenTrue: oneVariable ? pathsOf(left, right) : none, whenFalse: none };
}

function pathsOf(...operands: Operand[]): ReadonlySet<string> {
  return new Set(operands.flatMap(({ path }) => path ?? []));
}
