// Which references to variables can do without a value: LiquidJS renders a condition, and what stands before `default`, leniently,
// and a branch is not reached unless its condition proved the variable present.
import { CaseTag, IfTag, type Template, type Token, TypeGuards, toValueSync, UnlessTag, Value } from 'liquidjs';
import { pathOf, proofOf, swapped, union } from './conditions.ts';

type Paths = ReadonlySet<string>;

/** Names a place in a template. */
export const placeKey = (line: number | undefined, column: number | undefined): string => `${line}:${column}`;

/** The places of all references that can do without a value. */
export function safePlaces(templates: readonly Template[]): ReadonlySet<string> {
  const visitor = new Visitor();
  visitor.visit(templates, new Set());
  return visitor.safe;
}

class Visitor {
  readonly safe = new Set<string>();

  /** @param present paths proven to have a value wherever these templates are rendered. */
  visit(templates: readonly Template[], present: Paths): void {
    for (const template of templates) {
      if (template instanceof IfTag || template instanceof UnlessTag) this.#condition(template, present);
      else this.#other(template, present);
    }
  }

  #condition(tag: IfTag | UnlessTag, present: Paths): void {
    let known = present;
    for (const [index, { value, templates }] of tag.branches.entries()) {
      this.#value(value, known, true);
      const proof = tag instanceof UnlessTag && index === 0 ? swapped(proofOf(value)) : proofOf(value);
      this.visit(templates, union(known, proof.whenTrue));
      known = union(known, proof.whenFalse);
    }
    this.visit(tag.elseTemplates ?? [], known);
  }

  #other(template: Template, present: Paths): void {
    const lenient = template instanceof CaseTag;
    for (const argument of template.arguments?.() ?? []) {
      if (argument instanceof Value) this.#value(argument, present, lenient);
      else this.#token(argument, present, lenient);
    }
    this.visit(childrenOf(template), present);
  }

  #value(value: Value, present: Paths, lenient: boolean): void {
    const hasDefault = value.filters.some(({ name }) => name === 'default');
    for (const token of value.initial.postfix) this.#token(token, present, lenient || hasDefault);
    for (const argument of value.filters.flatMap(({ args }) => args)) {
      this.#token(Array.isArray(argument) ? argument[1] : argument, present, false);
    }
  }

  #token(token: Token | undefined, present: Paths, lenient: boolean): void {
    if (TypeGuards.isRangeToken(token)) {
      this.#token(token.lhs, present, lenient);
      this.#token(token.rhs, present, lenient);
    }
    if (!TypeGuards.isPropertyAccessToken(token)) return;
    const path = pathOf(token);
    const [line, column] = token.getPosition();
    if (lenient || (path !== null && present.has(path))) this.safe.add(placeKey(line, column));
    for (const part of token.props) this.#token(part, present, false);
  }
}

function childrenOf(template: Template): readonly Template[] {
  const children: readonly Template[] | undefined = toValueSync(template.children?.(false, true) ?? []);
  return children ?? [];
}
