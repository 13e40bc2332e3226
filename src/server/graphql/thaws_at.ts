// EmailService.thawsAt. PostgreSQL lets a role pass a whole row to a function only if it may read every column, and of this table it may not.
// The function reads nothing but the id, so it is given a row that holds nothing else.
import type { PgSelectSingleStep } from 'postgraphile/@dataplan/pg';
import { sql } from 'postgraphile/pg-sql2';
import { extendSchema, gql } from 'postgraphile/utils';
import { timestamptz } from './times.ts';

export const ThawsAtPlugin = extendSchema(
  {
    typeDefs: gql`
      extend type EmailService {
        "When the service may hand over its next mail; null: now."
        thawsAt: Datetime
      }
    `,
    objects: {
      EmailService: {
        plans: {
          thawsAt($service: PgSelectSingleStep) {
            const row = sql`jsonb_populate_record(null::app_public.email_services, jsonb_build_object('id', ${$service.getClassStep().alias}.id))`;
            return $service.select(sql`app_public.email_services_thaws_at(${row})`, timestamptz);
          },
        },
      },
    },
  },
  'PostilionThawsAtPlugin',
);
