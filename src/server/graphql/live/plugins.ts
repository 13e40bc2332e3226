import { AlertsPlugin } from './alerts.ts';
import { liveContextPlugin } from './context_plugin.ts';
import { EventsPlugin } from './events.ts';
import { ServiceStatusPlugin } from './service_status.ts';
import { TaskProgressPlugin } from './task_progress.ts';

/** Subscriptions, and the queries that answer the same at one moment. */
export function livePlugins(): GraphileConfig.Plugin[] {
  return [liveContextPlugin(), TaskProgressPlugin, ServiceStatusPlugin, EventsPlugin, AlertsPlugin];
}
