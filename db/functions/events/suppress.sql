-- An address has one reason, the gravest, so that the order of events doesn't matter. Soft bounces alone can be lifted again, exactly where they are
-- the reason; then the Contact is active again, too.
-- Rows that are there are locked by workspace and hash before any is written, new ones come in the same order, and Contacts last, by their ids.
create or replace function app_hidden.suppress(p_verdicts app_hidden.address_verdict[])
returns void
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  perform from app_public.suppressions s
    where (s.workspace_id, s.email_hash) in (select v.workspace_id, sha256(convert_to(v.email, 'UTF8')) from unnest(p_verdicts) as v)
    order by s.workspace_id, s.email_hash for update;
  delete from app_public.suppressions s using unnest(p_verdicts) as v
   where v.reason is null and s.workspace_id = v.workspace_id and s.email_hash = sha256(convert_to(v.email, 'UTF8')) and s.reason = 'soft_bounces'
     and not exists (select from unnest(p_verdicts) as graver where graver.workspace_id = v.workspace_id and graver.email = v.email and graver.reason is not null);
  insert into app_public.suppressions as known (workspace_id, email, reason)
  select distinct on (v.workspace_id, v.email_hash) v.workspace_id, v.email, v.reason
    from (select *, sha256(convert_to(email, 'UTF8')) as email_hash from unnest(p_verdicts)) as v
   where v.reason is not null
   order by v.workspace_id, v.email_hash, app_hidden.gravity(v.reason) desc
  on conflict (workspace_id, email_hash) do update set reason = excluded.reason
   where app_hidden.gravity(excluded.reason) > app_hidden.gravity(known.reason);
  perform app_hidden.mark_contacts(p_verdicts);
end;
$$;

revoke all on function app_hidden.suppress(app_hidden.address_verdict[]) from public;
comment on function app_hidden.suppress(app_hidden.address_verdict[]) is 'Suppresses addresses, or lifts what their soft bounces alone had suppressed, and says so of their Contacts.';
