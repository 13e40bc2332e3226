// EmailService.statistics. By the service's id: PostgreSQL lets a role pass a whole row to a function only if it may read every column, and of
// this table it may not.
import { TYPES } from 'postgraphile/@dataplan/pg';
import { extendSchema, gql } from 'postgraphile/utils';
import { resourceNamed } from './resources.ts';

export const ServiceStatisticsPlugin = extendSchema((build) => {
  const statistics = resourceNamed(build, 'service_statistics');
  return {
    typeDefs: gql`
      extend type EmailService {
        "What the service did in the last days (1 to 366), up to the last hour that is closed."
        statistics(days: Int! = 1): ServiceStatistics!
      }
    `,
    objects: {
      EmailService: {
        plans: {
          statistics: ($service, args) =>
            statistics.execute([
              { step: $service.get('id'), pgCodec: TYPES.uuid },
              { step: args.getRaw('days'), pgCodec: TYPES.int },
            ]),
        },
      },
    },
  };
}, 'PostilionServiceStatisticsPlugin');
