// Arguments that are right, so that the one that is not reaches what it is for.
import { mock } from 'node:test';
import pg from 'pg';
import type { Place } from '../access/scene.ts';
import type { Valid } from './hostile_slots.ts';

/** Ids, by the name of the argument; those called id by what they are of. */
const idsByName: Readonly<Record<string, keyof Place>> = {
  workspaceId: 'workspaceId',
  taskId: 'taskId',
  contactId: 'contactId',
  contactIds: 'contactId',
  senderId: 'senderId',
  templateId: 'templateId',
  templateIds: 'templateId',
  emailServiceId: 'serviceId',
  serviceId: 'serviceId',
  userId: 'memberId',
  apiTokenId: 'tokenId',
  alertId: 'alertId',
  subTaskId: 'uncertainId',
  taskFileId: 'fileId',
};
const ofDrafts: ReadonlySet<string> = new Set([
  'AddTaskFileInput',
  'DeleteTaskInput',
  'ScheduleTaskInput',
  'SetTemplateWeightInput',
  'UpdateTaskInput',
]);
const ofTemplates: ReadonlySet<string> = new Set(['previewMail', 'SendTestMailInput']);
const idsByOwner: Readonly<Record<string, keyof Place>> = {
  alert: 'alertId',
  apiToken: 'tokenId',
  contact: 'contactId',
  emailService: 'serviceId',
  sender: 'senderId',
  subTask: 'uncertainId',
  task: 'taskId',
  template: 'templateId',
  user: 'memberId',
  workspace: 'workspaceId',
  UpdateContactInput: 'contactId',
  UpdateEmailServiceInput: 'serviceId',
  UpdateSenderInput: 'senderId',
  UpdateTemplateInput: 'templateId',
  UpdateUserInput: 'memberId',
  UpdateWorkspaceInput: 'workspaceId',
};

const texts: Readonly<Record<string, unknown>> = {
  email: 'nobody@example.com',
  to: 'nobody@example.com',
  emailPrefix: 'a',
  replyTo: 'reply@example.com',
  bounceAddress: 'bounces@example.com',
  name: 'a-name',
  domain: 'example.net',
  lane: '',
  provider: 'smtp',
  source: 'ses',
  timezone: 'UTC',
  windowTimezone: 'UTC',
  contentBase64: 'QQ==',
  contentType: 'text/plain',
  baseUrl: 'http://127.0.0.1:1',
  url: 'https://hooks.example.com/',
  serverUrl: 'smtp://mail.example.com',
  from: 'postilion@example.com',
  addresses: 'ops@example.com',
  kind: 'disk_low',
  trackingBaseUrl: 'https://links.example.com',
  currentPassword: 'correct horse battery staple',
  newPassword: 'correct horse battery staple',
  password: 'correct horse battery staple',
  secret: `whsec_${Buffer.alloc(32).toString('base64')}`,
};
const json: Readonly<Record<string, unknown>> = {
  contacts: [{ email: 'one@example.com' }],
  credentials: { host: '127.0.0.1', port: '1', username: 'a', password: 'b' },
};
const others: Readonly<Record<string, unknown>> = {
  Boolean: false,
  Int: 1,
  Float: 1,
  BigInt: '1',
  Datetime: '2100-01-01T00:00:00Z',
  Date: '2026-01-01',
  Time: '10:00:00',
  Cursor: null,
};

/** @returns what is right where, with ids of the place */
export const validIn =
  (place: Place): Valid =>
  (scalar, name, owner) => {
    // Of a Task or of a template, not of both.
    if (name === 'taskId' && ofTemplates.has(owner)) return null;
    if (scalar === 'UUID') return idIn(place, name, owner);
    // Nothing to hash where the password is not what is tried.
    if (name === 'password' && owner === 'CreateUserInput') return null;
    if (scalar === 'String') return texts[name] ?? 'a text';
    if (scalar === 'JSON') return json[name] ?? { a: 1 };
    if (owner === 'series' && scalar === 'Datetime') return null;
    if (name === 'since' || name === 'receivedAt' || name === 'hour') return '2026-01-01T00:00:00Z';
    if (scalar === 'MemberRole') return 'viewer';
    return others[scalar];
  };

function idIn(place: Place, name: string, owner: string): unknown {
  if (name === 'taskId' && ofDrafts.has(owner)) return place.draftId;
  const known = idsByName[name] ?? idsByOwner[owner];
  return known === undefined ? place.workspaceId : place[known];
}

/** What is done by GraphQL is taken back at its end, so that every value meets the same world. */
export function nothingStays(): void {
  const query = pg.Client.prototype.query;
  mock.method(pg.Client.prototype, 'query', function (this: pg.Client, ...args: unknown[]) {
    const [first] = args;
    const text = typeof first === 'string' ? first : Object(first).text;
    return Reflect.apply(query, this, /^commit/i.test(String(text)) ? ['rollback', ...args.slice(1)] : args);
  });
}
