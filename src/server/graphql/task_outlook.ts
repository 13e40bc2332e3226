// What the functions know of a Task, as fields of it. Their results are joined to the rows, so a list of Tasks costs no more statements.
import { type PgSelectSingleStep, TYPES } from 'postgraphile/@dataplan/pg';
import { constant, type FieldArgs } from 'postgraphile/grafast';
import { extendSchema, gql } from 'postgraphile/utils';
import { resourceNamed } from './resources.ts';
import { timestamptz } from './times.ts';

const typeDefs = gql`
  extend type Task {
    "When it will have sent its last mail, as things stand, launched or not."
    forecast: TaskForecast!
    "What each enabled service that may serve it will do for it, as things stand."
    forecastByService: [TaskForecastService!]!
    "Why it hands nothing over at this moment, the most decisive reason first; empty while it is sending."
    whyNotSending: [TaskHindrance!]!
    "What happened to its mails in each minute or hour of a period, without gaps. Raises BADIN, naming the field."
    series(
      "How long each point is."
      step: SeriesStep!
      "From when on; absent: 24 hours before the end. Minutes are known for the last 24 hours."
      since: Datetime
      "Until when; absent: now. At most 1,500 steps after the beginning."
      until: Datetime
    ): [SeriesPoint!]!
  }
  extend type EmailService {
    "What happened to the mails it sent in each minute or hour of a period, without gaps. Raises BADIN, naming the field."
    series(
      "How long each point is."
      step: SeriesStep!
      "From when on; absent: 24 hours before the end. Minutes are known for the last 24 hours."
      since: Datetime
      "Until when; absent: now. At most 1,500 steps after the beginning."
      until: Datetime
    ): [SeriesPoint!]!
  }
`;

export const TaskOutlookPlugin = extendSchema((build) => {
  const forecast = resourceNamed(build, 'forecast_task');
  const forecastServices = resourceNamed(build, 'forecast_task_services');
  const whyNotSending = resourceNamed(build, 'why_not_sending');
  const series = resourceNamed(build, 'statistics_series');
  const idOf = ($row: PgSelectSingleStep) => ({ step: $row.get('id'), pgCodec: TYPES.uuid });
  const none = () => ({ step: constant(null), pgCodec: TYPES.uuid });
  const period = (args: FieldArgs) => [
    { step: args.getRaw('step'), pgCodec: stepCodec(series) },
    { step: args.getRaw('since'), pgCodec: timestamptz },
    { step: args.getRaw('until'), pgCodec: timestamptz },
  ];
  return {
    typeDefs,
    objects: {
      Task: {
        plans: {
          forecast: ($task: PgSelectSingleStep) => forecast.execute([idOf($task)]),
          forecastByService: ($task: PgSelectSingleStep) => forecastServices.execute([idOf($task)]),
          whyNotSending: ($task: PgSelectSingleStep) => whyNotSending.execute([idOf($task)]),
          series: ($task: PgSelectSingleStep, args: FieldArgs) =>
            series.execute([idOf($task), none(), ...period(args)]),
        },
      },
      EmailService: {
        plans: {
          series: ($service: PgSelectSingleStep, args: FieldArgs) =>
            series.execute([none(), idOf($service), ...period(args)]),
        },
      },
    },
  };
}, 'PostilionTaskOutlookPlugin');

function stepCodec(series: ReturnType<typeof resourceNamed>) {
  const codec = series.parameters?.[2]?.codec;
  if (codec === undefined) throw new Error('statistics_series takes no step');
  return codec;
}
