-- Few events concern an address, so nothing here is done for the others: their mails are not even read, unless some address is suppressed for its soft
-- bounces, which a delivery may lift.
create or replace function app_hidden.apply_to_contacts(p_events app_hidden.resolved_event[], p_to_look_at uuid[], p_soft_bounce_limit integer)
returns void
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_verdicts app_hidden.address_verdict[];
begin
  if exists (select from app_public.suppressions where reason = 'soft_bounces') then
    p_to_look_at := p_to_look_at || array(
      select m.sub_task_id
        from unnest(p_events) as e
        join app_public.sub_task_mails m on m.sub_task_id = e.sub_task_id
        join app_public.tasks t on t.id = m.task_id
        join app_public.suppressions s
          on s.workspace_id = t.workspace_id and s.email_hash = sha256(convert_to(m.recipient_email, 'UTF8')) and s.reason = 'soft_bounces'
       where e.kind in ('delivered', 'open', 'click'));
  end if;
  v_verdicts := array(
    select row(t.workspace_id, m.recipient_email, m.contact_id, e.kind::text)::app_hidden.address_verdict
      from unnest(p_events) as e
      join app_public.sub_task_mails m on m.sub_task_id = e.sub_task_id
      join app_public.tasks t on t.id = m.task_id
     where e.kind in ('hard_bounce', 'complaint', 'unsubscribe')
    union
    select v from app_hidden.soft_bounce_verdicts(p_to_look_at, p_soft_bounce_limit) as v);
  if cardinality(v_verdicts) > 0 then
    perform app_hidden.suppress(v_verdicts);
  end if;
end;
$$;

revoke all on function app_hidden.apply_to_contacts(app_hidden.resolved_event[], uuid[], integer) from public;
comment on function app_hidden.apply_to_contacts(app_hidden.resolved_event[], uuid[], integer) is
  'Suppresses the addresses of hard bounces, complaints and unsubscriptions, and of too many soft bounces in a row, and says so of their Contacts.';
