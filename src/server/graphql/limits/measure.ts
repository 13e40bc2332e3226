// What an operation may cost, known before it is planned: how deep it goes, and how many objects it may answer with.
import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'postgraphile/graphql';
import { mostOfPage, usualPage } from '../page_size.ts';

export interface Measured {
  /** Fields within fields. */
  readonly depth: number;
  /** Fields of the operation itself, with those of its fragments. */
  readonly roots: number;
  readonly aliases: number;
  /** Objects it may answer with, given its variables. */
  readonly cost: Cost;
}

type Cost = (variables: Readonly<Record<string, unknown>>) => number;

/** Of a selection, which may be one of a page: what it costs once, and for each row of the page. */
interface Part extends Measured {
  readonly row: Cost;
}

/** Of a list that takes no size, such as the services of a Task. */
const usualList = 10;

// What is more work than the objects it answers with.
const weights: Readonly<Record<string, number>> = {
  totalCount: 10,
  series: 20,
  forecast: 20,
  forecastByService: 20,
  whyNotSending: 20,
  statisticsDrift: 500,
  health: 500,
  taskDiagnosis: 500,
  subTaskHistory: 500,
  planRepair: 500,
  repairPlans: 500,
  repair: 500,
};

const free: Cost = () => 0;
const nothing: Part = { depth: 0, roots: 0, aliases: 0, cost: free, row: free };

/** Fragments are measured once, however often they are spread; one that contains itself, which is refused elsewhere, counts as empty there. */
export function measure(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): Measured {
  const known = new Map<string, Part>();

  function ofFragment(name: string): Part {
    const before = known.get(name);
    if (before !== undefined) return before;
    known.set(name, nothing);
    const fragment = fragments.get(name);
    const found =
      fragment === undefined
        ? nothing
        : ofSelections(fragment.selectionSet, typeNamed(fragment.typeCondition.name.value));
    known.set(name, found);
    return found;
  }

  function typeNamed(name: string): GraphQLNamedType | undefined {
    return schema.getType(name) ?? undefined;
  }

  function ofSelections(set: SelectionSetNode, type: GraphQLNamedType | undefined): Part {
    return together(
      set.selections.map((selection) => {
        if (selection.kind === Kind.FIELD) return ofField(selection, type);
        if (selection.kind === Kind.FRAGMENT_SPREAD) return ofFragment(selection.name.value);
        const condition = selection.typeCondition;
        return ofSelections(selection.selectionSet, condition ? typeNamed(condition.name.value) : type);
      }),
    );
  }

  function ofField(node: FieldNode, parent: GraphQLNamedType | undefined): Part {
    const name = node.name.value;
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    const type = field === undefined ? undefined : getNamedType(field.type);
    const inner = node.selectionSet === undefined ? nothing : ofSelections(node.selectionSet, type);
    const aliases = inner.aliases + (node.alias === undefined ? 0 : 1);
    const own = (weights[name] ?? 0) + (isCompositeType(type) ? 1 : 0);
    const whole = { depth: 1 + inner.depth, roots: 1, aliases };
    if (isOfPage(parent, name)) return { ...whole, cost: free, row: (variables) => own + inner.cost(variables) };
    const listed = field !== undefined && isListType(isNonNullType(field.type) ? field.type.ofType : field.type);
    const size = field?.args.some((arg) => arg.name === 'first') === true ? pageOf(node) : free;
    const times = listed ? usualList : 1;
    const cost: Cost = (variables) => own + times * inner.cost(variables) + size(variables) * inner.row(variables);
    return { ...whole, cost, row: free };
  }

  return ofSelections(operation.selectionSet, schema.getRootType(operation.operation) ?? undefined);
}

function together(parts: readonly Part[]): Part {
  return {
    depth: Math.max(0, ...parts.map(({ depth }) => depth)),
    roots: parts.reduce((sum, { roots }) => sum + roots, 0),
    aliases: parts.reduce((sum, { aliases }) => sum + aliases, 0),
    cost: (variables) => parts.reduce((sum, { cost }) => sum + cost(variables), 0),
    row: (variables) => parts.reduce((sum, { row }) => sum + row(variables), 0),
  };
}

function isOfPage(parent: GraphQLNamedType | undefined, name: string): boolean {
  return (name === 'nodes' || name === 'edges') && parent?.name.endsWith('Connection') === true;
}

function pageOf(node: FieldNode): Cost {
  const value = node.arguments?.find((argument) => argument.name.value === 'first')?.value;
  if (value?.kind === Kind.INT) return () => Number(value.value);
  if (value?.kind !== Kind.VARIABLE) return () => usualPage;
  return (variables) => {
    const given = variables[value.name.value];
    return typeof given === 'number' ? Math.min(Math.max(given, 0), mostOfPage) : usualPage;
  };
}
