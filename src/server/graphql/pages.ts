// Every list has a bound, so that no request can ask for a million rows by leaving out a number.
import { lambda } from 'postgraphile/grafast';
import { Fault } from '../errors.ts';

const usual = 100;
const most = 1000;

export const PagesPlugin: GraphileConfig.Plugin = {
  name: 'PostilionPagesPlugin',
  version: '1.0.0',
  schema: {
    globalBehavior: (behavior) => [behavior, '-resource:connection:backwards'],
    hooks: {
      GraphQLObjectType_fields_field_args_arg(config, _build, { scope }) {
        if (scope.argName !== 'first' || !scope.isPgFieldConnection) return config;
        return {
          ...config,
          defaultValue: usual,
          description: `How many to read, at most ${most}.`,
          applyPlan: (_parent, $connection, arg) => $connection.setFirst(lambda(arg.getRaw(), bounded)),
        };
      },
    },
  },
};

function bounded(first: unknown): number {
  if (first === null || first === undefined) return usual;
  if (typeof first === 'number' && first >= 0 && first <= most) return first;
  throw new Fault('BADIN', `first: expected a number from 0 to ${most}`);
}
