// The little world that steps act on: one Task, two services, and what their workers hold in their hands.
import { randomUUID } from 'node:crypto';
import type { EventToApply } from '../../../src/database/events/apply_events.ts';
import type { Queryable } from '../../../src/database/pool.ts';
import type { BulkVerb } from '../../../src/database/queue/change_batch.ts';
import { aQueuedTask, aService } from '../../support/scene.ts';
import type { PoolName, ServiceName } from './step.ts';

export const pacedIntervalMs = 10_000;
export const slots: Record<ServiceName, number> = { paced: 1, rated: 2 };
export const quotas: Record<ServiceName, number> = { paced: Number.POSITIVE_INFINITY, rated: 2 };

/** What a worker remembers of a claim, however long ago it was. */
export interface Memory {
  service: ServiceName;
  token: string;
  ids: string[];
}

export interface Scene {
  taskId: string;
  services: Record<ServiceName, string>;
  /** In the order of their claim. */
  mails: string[];
}

export interface World extends Scene {
  claims: Memory[];
  /** The loop each pool was last given, live or not. */
  loops: Map<`${ServiceName} of ${PoolName}`, string>;
  /** Every event ever heard, by what it says. */
  events: Map<string, EventToApply>;
  /** Verbs whose job has not run yet. */
  jobs: Set<BulkVerb>;
}

/** The quota is smaller than the Task, so that it counts. The services serve this Task alone: other scenes may stand beside it. */
export async function aScene(db: Queryable, mails: number): Promise<Scene> {
  const { taskId, workspaceId } = await aQueuedTask(db, { recipients: mails });
  const services = {
    paced: await aService(db, { intervalMs: pacedIntervalMs, isShared: false }),
    rated: await aService(db, {
      intervalMs: 0,
      isShared: false,
      maxInFlight: slots.rated,
      dailyQuota: quotas.rated,
    }),
  };
  for (const serviceId of Object.values(services))
    await db.query('insert into app_public.email_service_grants values ($1, $2)', [serviceId, workspaceId]);
  const { rows } = await db.query<{ id: string }>(
    'select id from app_public.sub_tasks where task_id = $1 order by position',
    [taskId],
  );
  return { taskId, services, mails: rows.map(({ id }) => id) };
}

/** A scene on which nothing has been done yet. */
export function untouched(scene: Scene): World {
  return { ...scene, claims: [], loops: new Map(), events: new Map(), jobs: new Set() };
}

export function mailOf(world: Scene, number: number): string {
  const id = world.mails[number % world.mails.length];
  if (id === undefined) throw new Error('a world without mails');
  return id;
}

/** Newest first; before the first claim, one that never was. */
export function claimOf({ claims, mails }: World, number: number): Memory {
  return claims.at(-1 - (number % Math.max(1, claims.length))) ?? { service: 'rated', token: randomUUID(), ids: mails };
}
