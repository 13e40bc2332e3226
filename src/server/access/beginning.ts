// What GraphQL does for somebody without a token: begin a session, and nothing else.
import { type DocumentNode, Kind, type OperationDefinitionNode, parse } from 'graphql';
import { z } from 'zod';

const beginnings = new Set(['signIn', 'exchangeSignInCode', 'refreshSession', 'resetPassword']);
// A sign-in has a handful; a document is not read on to find out that it is too long.
const mostTokens = 500;

const bodyShape = z.looseObject({ query: z.string() });

/** Whether a request's body, as parsed JSON, asks for the beginning of one session alone. */
export function isBeginning(body: unknown): boolean {
  const parsed = bodyShape.safeParse(body);
  const document = parsed.success ? documentOf(parsed.data.query) : null;
  if (document === null) return false;
  // One operation: so nobody has to decide which of several is meant.
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const [operation] = operations;
  return operation !== undefined && operations.length === 1 && beginsOne(operation);
}

function documentOf(query: string): DocumentNode | null {
  try {
    return parse(query, { maxTokens: mostTokens, noLocation: true });
  } catch {
    return null;
  }
}

/** Plain fields only: what a fragment hides is not looked for. One beginning only: aliases would guess many passwords at a time. */
function beginsOne({ selectionSet }: OperationDefinitionNode): boolean {
  const names = selectionSet.selections.map((selection) => (selection.kind === Kind.FIELD ? selection.name.value : ''));
  const [asked, ...others] = names.filter((name) => name !== '__typename');
  return asked !== undefined && others.length === 0 && beginnings.has(asked);
}
