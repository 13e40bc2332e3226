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
             (select json_build_object(
                'total', sum(n.pending + n.allocated + n.sending + n.sent + n.delivered + n.opened + n.clicked + n.bounced + n.failed + n.cancelled + n.uncertain),
                'pending', sum(n.pending), 'sent', sum(n.ever_sent), 'delivered', sum(n.ever_delivered), 'opened', sum(n.ever_opened),
                'clicked', sum(n.ever_clicked), 'bounced', sum(n.ever_bounced), 'failed', sum(n.failed))
                from app_hidden.task_number_parts n where n.task_id = t.id) as statistics,
             (select json_agg(json_build_object('name', e.name, 'sent', s.sent) order by e.name)
                from (select service_id, sum(sent) as sent from app_hidden.task_service_number_parts where task_id = t.id group by service_id) as s
                join app_public.email_services e on e.id = s.service_id) as services
        from app_public.tasks t
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
