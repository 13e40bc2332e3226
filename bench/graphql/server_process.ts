// The real server, and beside GraphQL a list of Tasks as somebody would write it by hand: the same gate, the same rights, one statement.

import { openInstallation } from '../../src/commands/open.ts';
import { asCaller } from '../../src/database/as_caller.ts';
import { createPool } from '../../src/database/pool.ts';
import { startServer } from '../../src/server/app.ts';
import { callerOf } from '../../src/server/bulk/caller.ts';

const list = `
  select coalesce(json_agg(task), '[]')::text as body
    from (
      select t.id, t.name, t.status, t.scheduled_at as "scheduledAt",
             json_build_object(
               'total', n.pending + n.allocated + n.sending + n.sent + n.delivered + n.opened + n.clicked + n.bounced + n.failed + n.cancelled + n.uncertain,
               'pending', n.pending, 'sent', n.ever_sent, 'delivered', n.ever_delivered, 'opened', n.ever_opened, 'clicked', n.ever_clicked,
               'bounced', n.ever_bounced, 'failed', n.failed) as statistics,
             (select json_agg(json_build_object('name', e.name, 'sent', s.sent) order by e.name)
                from app_hidden.task_service_numbers s join app_public.email_services e on e.id = s.service_id
               where s.task_id = t.id) as services
        from app_public.tasks t
        left join app_hidden.task_numbers n on n.task_id = t.id
       where t.workspace_id = $1
       order by t.created_at desc, t.id desc
       limit 20) as task`;

const { config, log, secret, serverUrl } = await openInstallation();
const url = await serverUrl();
const pool = createPool({
  connectionString: url,
  applicationName: 'postilion bench by hand',
  role: 'postilion_authenticator',
});
const server = await startServer({
  config,
  url,
  secret,
  log,
  routes(app) {
    app.use(async (ctx, next) => {
      if (ctx.path !== '/bench/tasks') return next();
      const workspaceId = String(ctx.query['workspace']);
      ctx.type = 'json';
      ctx.body = await asCaller(pool, callerOf(ctx), { statementMs: 20_000, idleMs: 20_000 }, async (db) => {
        const { rows } = await db.query<{ body: string }>({ name: 'bench', text: list, values: [workspaceId] });
        return rows[0]?.body;
      });
    });
  },
});
process.send?.(server.url);
process.once('SIGTERM', async () => {
  await server.close();
  await pool.end();
  process.disconnect();
});
