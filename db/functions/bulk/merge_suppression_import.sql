-- Rows that are there are locked by their hash before any is written, and new ones come in the same order: as app_hidden.suppress does it.
create or replace function app_private.merge_suppression_import(p_workspace_id uuid)
returns table (inserted bigint, updated bigint, unchanged bigint, duplicates bigint)
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
set work_mem to '64MB'
as $$
declare
  v_rows bigint := (select count(*) from pg_temp.suppression_import);
begin
  perform app_hidden.demand('editor', p_workspace_id);
  perform from app_public.suppressions s
    where s.workspace_id = p_workspace_id and s.email_hash in (select sha256(convert_to(email, 'UTF8')) from pg_temp.suppression_import)
    order by s.email_hash for update;
  return query
    with given as (
      select distinct on (email) email, reason, note, sha256(convert_to(email, 'UTF8')) as email_hash
        from pg_temp.suppression_import order by email, line desc
    ), kept as (
      insert into app_public.suppressions as known (workspace_id, email, reason)
      select p_workspace_id, email, reason from given order by email_hash
      on conflict (workspace_id, email_hash) do update set reason = excluded.reason
       where app_hidden.gravity(excluded.reason) > app_hidden.gravity(known.reason)
      returning email_hash, xmax = 0 as is_new
    ), noted as (
      insert into app_public.suppression_changes (workspace_id, email_hash, action, reason, note, user_id, created_at)
      select p_workspace_id, email_hash, 'added', g.reason, g.note, app_hidden.signed_in_id(), app_hidden.current_time()
        from kept join given g using (email_hash)
    )
    select (select count(*) from kept where is_new), (select count(*) from kept where not is_new),
           (select count(*) from given) - (select count(*) from kept), v_rows - (select count(*) from given);
end;
$$;

revoke all on function app_private.merge_suppression_import(uuid) from public;
grant execute on function app_private.merge_suppression_import(uuid) to postilion_user, postilion_admin;
comment on function app_private.merge_suppression_import(uuid) is
  'Suppresses the addresses of the import under way, and says what that came to. A graver reason is never replaced. Raises NTFND, FRBDN.';
