// Test mails are Tasks, reached by their ids; lists of Tasks leave them out.
import type { PgSelectStep } from 'postgraphile/@dataplan/pg';
import { ConnectionStep } from 'postgraphile/grafast';
import { sql } from 'postgraphile/pg-sql2';

export const TestTasksPlugin: GraphileConfig.Plugin = {
  name: 'PostilionTestTasksPlugin',
  version: '1.0.0',
  schema: {
    hooks: {
      GraphQLObjectType_fields_field(config, build, { scope }) {
        if (scope.isPgFieldConnection !== true || scope.pgFieldResource !== build.pgResources['tasks']) return config;
        const { plan } = config;
        if (plan === undefined) return config;
        return {
          ...config,
          plan(...given) {
            const $tasks = plan(...given);
            if ($tasks instanceof ConnectionStep) withoutTests($tasks.getSubplan());
            return $tasks;
          },
        };
      },
    },
  },
};

function withoutTests($tasks: PgSelectStep): void {
  $tasks.where(sql`not ${$tasks.alias}.is_test`);
}
