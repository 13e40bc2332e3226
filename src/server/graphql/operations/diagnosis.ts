// taskDiagnosis: what ails a Task, for admins. What every member may know of it, its field task tells.
import { access, list } from 'postgraphile/grafast';
import { extendSchema, gql } from 'postgraphile/utils';
import { diagnosis } from '../../../database/ops/diagnosis.ts';
import { resourceNamed } from '../resources.ts';
import { look } from './look.ts';

const text = 'select app_public.read_task_diagnosis($1) as found';

const taskDiagnosis = diagnosis.transform(({ task, failures, services, webhooks, faults }) => ({
  taskId: task.id,
  failures,
  services: services.map(({ id, state, frozenUntil, ...service }) => ({
    ...service,
    emailServiceId: id,
    standing: state,
    thawsAt: frozenUntil,
  })),
  waitingWebhooks: webhooks.waiting,
  silentServices: webhooks.silentServices,
  faults: faults.map(({ what, ...fault }) => ({ ...fault, repair: what })),
}));

export const DiagnosisPlugin = extendSchema((build) => {
  const tasks = resourceNamed(build, 'tasks');
  const emailServices = resourceNamed(build, 'email_services');
  return {
    typeDefs: gql`
      extend type Query {
        "For admins: what ails a Task. Why it is not sending, and when it will be done, its own fields tell. Raises NTFND, FRBDN."
        taskDiagnosis(taskId: UUID!): TaskDiagnosis!
      }

      "What ails a Task."
      type TaskDiagnosis {
        task: Task!
        "What is broken and concerns it, each with the repair that mends it."
        faults: [TaskFault!]!
        "Why mails of it failed: the ten commonest codes, among 100,000 mails."
        failures: [TaskFailure!]!
        "The services that may serve its workspace, by name; 50 at most."
        services: [DiagnosedService!]!
        "Webhooks of the installation that are not applied yet; 10,001 means more than 10,000."
        waitingWebhooks: Int!
        "Names of services that sent for a whole hour since anything was heard of them."
        silentServices: [String!]!
      }

      "Something broken that can be mended."
      type TaskFault {
        "By what it is mended: see planRepair."
        repair: RepairKind!
        "What was found, for people."
        says: String!
        "What to do in a terminal."
        remedy: String!
      }

      "How many mails failed for one reason."
      type TaskFailure {
        "As SubTask.errorCode."
        code: String!
        mails: Int!
      }

      "A service as a diagnosis sees it."
      type DiagnosedService {
        service: EmailService
        name: String!
        standing: ServiceStanding!
        "Mails claimed, or with the provider."
        inFlight: Int!
        "Mails it may still send today; null: any number."
        quotaLeft: Int
        "Until when it rests; null: it does not."
        thawsAt: Datetime
        "Why it rests, in the provider's words; null: it does not, or waits out its interval."
        freezeReason: String
        "Of its last hand-overs, the share that was accepted."
        acceptedShare: Float!
        "When the last webhook that was applied came in by its own path, to the minute; null: none ever did."
        heardAt: Datetime
      }

      "What a service does at this moment, as somebody sees it who looks for faults: a ServiceActivity, or idle."
      enum ServiceStanding {
        "A mail of it is on its way to the provider."
        sending
        "It waits for its interval, or its next work."
        waiting
        "It has work and nobody was told to do it: a fault."
        idle
        "There is nothing for it to send."
        no_work
        "It rests after a fault."
        frozen
        "Its quota of the day is used up."
        exhausted
        "All sending is stopped."
        stopped
        "It is switched off."
        disabled
      }
    `,
    enums: { ServiceStanding: { values: { idle: 'IDLE' } } },
    objects: {
      Query: {
        plans: {
          taskDiagnosis: (_$root, args) => look(tasks.executor, text, list([args.getRaw('taskId')]), taskDiagnosis),
        },
      },
      TaskDiagnosis: { plans: { task: ($found) => tasks.get({ id: access($found, 'taskId') }) } },
      DiagnosedService: {
        plans: { service: ($found) => emailServices.get({ id: access($found, 'emailServiceId') }) },
      },
    },
  };
}, 'PostilionDiagnosisPlugin');
