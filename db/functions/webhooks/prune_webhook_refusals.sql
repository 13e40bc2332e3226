create or replace function app_private.prune_webhook_refusals(p_keep interval, p_limit integer)
returns integer
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_count integer;
begin
  perform app_hidden.commit_lazily();
  delete from app_public.webhook_refusal_counts where hour < app_hidden.current_time() - p_keep - interval '1 hour';
  delete from app_hidden.webhook_refusals
   where ctid = any (array(
     select ctid from app_hidden.webhook_refusals where refused_at < app_hidden.current_time() - p_keep order by refused_at limit p_limit));
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

revoke all on function app_private.prune_webhook_refusals(interval, integer) from public;
grant execute on function app_private.prune_webhook_refusals(interval, integer) to postilion_worker;
comment on function app_private.prune_webhook_refusals(interval, integer) is
  'Deletes up to p_limit refused webhooks that are older than p_keep, and the counts of such hours. Answers how many; fewer than p_limit: it is done.';
