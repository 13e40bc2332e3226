// Which variables a template refers to, and which of those references can do without a value.
import { analyzeSync, type Template, type Variable } from 'liquidjs';
import type { Part } from './errors.ts';
import { placeKey, safePlaces } from './guards.ts';
import { givenNames } from './liquid_expressions.ts';

/** One reference to a field of `contact`. */
export interface ContactReference {
  /** `first_name` for `contact.first_name`, and for `contact.first_name.size`. */
  readonly name: string;
  readonly line: number;
  /** It stands in a condition, has the filter `default`, or is only reached where a condition proved it present. */
  readonly hasDefault: boolean;
}

/** A reference, and which part of the template it stands in. */
export interface PartReference extends ContactReference {
  readonly part: Part;
}

/** An attribute of contacts that a template refers to, once or more often. */
export interface ContactVariable extends PartReference {
  /** Not an attribute of its own: `email` and `name`. Every contact has an email; a name may be missing. */
  readonly builtIn: boolean;
}

const builtInNames = new Set(['email', 'name']);

/**
 * One entry a name. `hasDefault`: every reference can do without a value. The place is that of the first reference which can't,
 * or else of the first.
 */
export function contactVariables(references: readonly PartReference[]): ContactVariable[] {
  const byName = new Map<string, PartReference>();
  for (const reference of references) {
    const known = byName.get(reference.name);
    if (known === undefined || (known.hasDefault && !reference.hasDefault)) byName.set(reference.name, reference);
  }
  return [...byName.values()].map((reference) => ({ ...reference, builtIn: builtInNames.has(reference.name) }));
}

export interface UnknownName {
  /** As the template writes it. */
  readonly variable: string;
  readonly line: number;
}

export interface References {
  readonly contact: readonly ContactReference[];
  /** The first name that is neither given to templates nor defined by this one. */
  readonly unknown: UnknownName | null;
}

/** @param templates as parsed, before nodes of ours were put in. */
export function referencesOf(templates: Template[]): References {
  const analysis = analyzeSync(templates, { partials: false });
  const safe = safePlaces(templates);
  const globals = Object.values(analysis.globals).flat();
  return {
    contact: (analysis.globals['contact'] ?? []).flatMap((variable) => contactReference(variable, safe)),
    unknown: firstUnknown(globals),
  };
}

function contactReference(variable: Variable, safe: ReadonlySet<string>): ContactReference[] {
  const name = variable.segments[1];
  if (typeof name !== 'string') return [];
  const { row, col } = variable.location;
  return [{ name, line: row, hasDefault: safe.has(placeKey(row, col)) }];
}

function firstUnknown(globals: readonly Variable[]): UnknownName | null {
  const unknown = globals.filter(({ segments: [root] }) => typeof root === 'string' && !isGiven(root));
  const [first] = unknown.toSorted((a, b) => a.location.row - b.location.row || a.location.col - b.location.col);
  return first === undefined ? null : { variable: String(first), line: first.location.row };
}

/** `continue` is Liquid's own word in `offset: continue`. */
function isGiven(name: string): boolean {
  return givenNames.has(name) || name === 'continue';
}
