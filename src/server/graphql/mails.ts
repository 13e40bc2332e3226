import { loadOneWithPgClient, sideEffectWithPgClientTransaction } from 'postgraphile/@dataplan/pg';
import { access, context, type FieldArgs, object } from 'postgraphile/grafast';
import { extendSchema } from 'postgraphile/utils';
import { preview, sendTest } from './mail_verbs.ts';
import { resourceNamed } from './resources.ts';

const typeDefs = /* GraphQL */ `
  extend type Query {
    """
    A mail as it would go out, without tracking: of a Task or of a template. Nothing is kept or sent. Raises NTFND, or BADIN naming the field; of a
    mistake in a template the part (subject, html, text), with the line in the message.
    """
    previewMail(
      "Whose mail; absent: that of the template."
      taskId: UUID
      "Absent: that of the Task."
      templateId: UUID
      "Absent: the Task's; of a template, the workspace's first."
      senderId: UUID
      "For whom; absent: for nobody, with sample data."
      contactId: UUID
      "Absent: one that would likely send it."
      emailServiceId: UUID
    ): MailPreview
  }

  extend type Mutation {
    """
    Sends one mail of a Task or of a template before all others, yet within pace, quota and freeze of the service. Follow the SubTask, or taskProgress
    of its Task; neither is in a list, nor in the numbers of a campaign. Raises NTFND, BADIN naming the field, SUPPR, and LIMIT when ten are under way.
    """
    sendTestMail(input: SendTestMailInput!): SendTestMailPayload
  }

  input SendTestMailInput {
    "Whose mail; absent: that of the template."
    taskId: UUID
    "Absent: that of the Task."
    templateId: UUID
    "Absent: the Task's; of a template, the workspace's first."
    senderId: UUID
    "Where it goes."
    to: String!
    "What it says is rendered for this Contact; absent: with sample data."
    contactId: UUID
    "Through which service; absent: whichever is free first."
    emailServiceId: UUID
  }

  type SendTestMailPayload {
    subTask: SubTask
    task: Task
  }

  "A mail as it would go out."
  type MailPreview {
    subject: String!
    html: String!
    text: String!
    "In order; what the provider adds by itself is not among them."
    headers: [MailHeader!]!
    "Bytes of the HTML."
    htmlBytes: Int!
    "Rendered for nobody: what it says of a Contact names itself, such as [first_name]."
    isSample: Boolean!
    template: Template
    "The service whose domain and addresses it shows; null: the workspace may use none, and a made-up domain stands for it."
    emailService: EmailService
    warnings: [MailWarning!]!
  }

  "A header of a mail."
  type MailHeader {
    name: String!
    value: String!
  }

  "What speaks against a mail that can be sent all the same."
  type MailWarning {
    code: MailWarningCode!
    message: String!
    part: MailPart
    "Of that part of the template, counted from 1."
    line: Int
  }

  enum MailWarningCode {
    "Hardly any Contact of the workspace has what the template says."
    UNKNOWN_VARIABLE
    "It is made from the HTML."
    NO_PLAIN_TEXT
    "Gmail shows the first 102 KB only."
    TOO_LARGE
    INSECURE_LINK
    "Clicks on it can not be counted."
    UNTRACKED_LINK
    "The workspace may use no service that is switched on."
    NO_SERVICE
    "A sending domain it may go out by lacked a record when it was last looked at."
    BAD_DOMAIN
  }

  "The texts that a mail consists of."
  enum MailPart {
    subject
    html
    text
  }
`;

const choices = ['taskId', 'templateId', 'senderId', 'contactId', 'emailServiceId'] as const;

export const MailsPlugin = extendSchema((build) => {
  const tasks = resourceNamed(build, 'tasks');
  const subTasks = resourceNamed(build, 'sub_tasks');
  const templates = resourceNamed(build, 'templates');
  const emailServices = resourceNamed(build, 'email_services');
  const chosen = (args: FieldArgs) => object(Object.fromEntries(choices.map((name) => [name, args.getRaw(name)])));
  return {
    typeDefs,
    objects: {
      Query: {
        plans: {
          previewMail: (_$root, args) =>
            loadOneWithPgClient(tasks.executor, [chosen(args), context().get('mailMaker')], (client, asked) =>
              asked.map(([given, maker]) => preview(client, given, maker)),
            ),
        },
      },
      Mutation: {
        plans: {
          sendTestMail(_$root, args) {
            const $sent = sideEffectWithPgClientTransaction(
              tasks.executor,
              [args.getRaw('input'), context().get('mailMaker')],
              (client, [given, maker]) => sendTest(client, given, maker),
            );
            return object({ taskId: access($sent, 'taskId'), subTaskId: access($sent, 'subTaskId') });
          },
        },
      },
      SendTestMailPayload: {
        scope: { isMutationPayload: true },
        plans: {
          task: ($payload) => tasks.get({ id: $payload.get('taskId') }),
          subTask: ($payload) => subTasks.get({ id: $payload.get('subTaskId') }),
        },
      },
      MailPreview: {
        plans: {
          template: ($preview) => templates.get({ id: access($preview, 'templateId') }),
          emailService: ($preview) => emailServices.get({ id: access($preview, 'emailServiceId') }),
        },
      },
    },
  };
}, 'PostilionMailsPlugin');
