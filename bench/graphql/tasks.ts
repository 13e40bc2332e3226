// What a page about campaigns asks for all the time: the list of Tasks, one of them with its mails, and the statistics of a large one.
import { z } from 'zod';
import { atLeast, atMost, type Figures, ofLimit, type Stage } from '../queue/stage.ts';
import { load, request } from '../support/line.ts';
import { percentile } from '../support/percentile.ts';
import { say } from '../support/report.ts';
import { aTaskOf, type Installation } from './data.ts';
import type { Asked } from './server.ts';

const connections = 16;

export const listQuery = /* GraphQL */ `
  query ($workspaceId: UUID!) {
    workspace(id: $workspaceId) {
      tasks(first: 20) {
        nodes {
          id name status scheduledAt
          statistics { total states { pending failed } funnel { sent delivered opened clicked bounced } }
          services { name sent }
        }
      }
    }
  }`;

export const detailQuery = /* GraphQL */ `
  query ($id: UUID!, $status: [SubTaskStatus!]) {
    task(id: $id) {
      id name status
      statistics { total }
      subTasks(first: 50, filter: { status: $status }) {
        nodes { id status sentAt openedAt mail { recipientEmail } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }`;

const statisticsQuery = /* GraphQL */ `
  query ($id: UUID!) {
    task(id: $id) { statistics { total states { pending sent delivered opened clicked bounced failed uncertain } funnel { sent opened clicked } rates { delivery } } }
  }`;

export async function taskList(stage: Stage, { workspaceId }: Installation, asked: Asked): Promise<Figures> {
  const byHand = new URL(`/bench/tasks?workspace=${workspaceId}`, asked.origin);
  const hand = request('GET', byHand, '', [`Authorization: ${asked.viewer}`]);
  const list = graphql(asked, listQuery, { workspaceId });
  await expectNodes(asked, listQuery, { workspaceId });
  say('the list of tasks, by hand');
  const limit = await measured(stage, asked, () => hand);
  say('the list of tasks');
  const got = await measured(stage, asked, () => list);
  return {
    taskList: atLeast(got.perSecond, 'requests/s', 1_200),
    taskListP95: atMost(percentile(got.ms, 0.95), 'ms', 40),
    taskListByHand: ofLimit(got.perSecond, limit.perSecond, 'requests/s', 0.5),
  };
}

export async function taskDetail(stage: Stage, { taskIds }: Installation, asked: Asked): Promise<Figures> {
  const statuses = [['opened'], ['sent'], ['delivered'], ['clicked'], ['bounced'], ['failed']];
  const requests = taskIds.map((id, n) => graphql(asked, detailQuery, { id, status: statuses[n % statuses.length] }));
  let place = 0;
  say('a task with 50 of its mails');
  const got = await measured(stage, asked, () => requests[place++ % requests.length] ?? Buffer.alloc(0));
  return {
    taskDetail: atLeast(got.perSecond, 'requests/s', 1_000),
    taskDetailP95: atMost(percentile(got.ms, 0.95), 'ms', 40),
  };
}

/** Asked one after the other: how long one waits. */
export async function statistics(stage: Stage, installation: Installation, asked: Asked): Promise<Figures> {
  const id = await aTaskOf(stage.pool, installation, stage.quick ? 1_000 : 1_000_000);
  say('the statistics of a large task');
  const one = graphql(asked, statisticsQuery, { id });
  const { ms } = await load(asked.origin, 1, stage.quick ? 0.5 : 3, () => one, 200);
  return { statistics: atMost(percentile(ms, 0.5), 'ms', 10), statisticsP95: atMost(percentile(ms, 0.95), 'ms', 10) };
}

function graphql({ origin, viewer }: Asked, query: string, variables: object): Buffer {
  return request('POST', new URL('/graphql', origin), JSON.stringify({ query, variables }), [
    `Authorization: ${viewer}`,
  ]);
}

async function measured({ quick, seconds }: Stage, { origin }: Asked, next: () => Buffer) {
  await load(origin, connections, quick ? 0.3 : 3, next, 200);
  return load(origin, connections, seconds, next, 200);
}

const listed = z.object({
  data: z.object({ workspace: z.object({ tasks: z.object({ nodes: z.array(z.unknown()).min(1) }) }) }),
});

/** A rate of errors would be no rate. */
async function expectNodes({ origin, viewer }: Asked, query: string, variables: object): Promise<void> {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: viewer },
    body: JSON.stringify({ query, variables }),
  });
  listed.parse(await response.json());
}
