-- The Task is locked (step 1) for its chunk alone, and skipped where it is locked: so many may drop at once, and none drops from a Task that
-- is being opened again. From its first chunk on a Task can't be (require_bodies): its mails would go out empty. What stays: addresses, subjects,
-- tracking ids and where the links lead. A Task that failed may have rendered some of its mails; one that has none may be tried again for ever.
create or replace function app_private.drop_bodies(p_keep interval, p_limit integer)
returns integer
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_now timestamptz := app_hidden.current_time();
  v_task_id uuid;
  v_emails text[];
begin
  perform app_hidden.commit_lazily();
  select t.id into v_task_id
    from app_public.tasks t
   where t.status in ('completed', 'cancelled', 'failed') and coalesce(t.completed_at, t.cancelled_at, t.updated_at) < v_now - p_keep
     and (t.status <> 'failed' or exists (select from app_public.sub_task_mails m where m.task_id = t.id))
     and (select d.finished_at from app_hidden.dropped_bodies d where d.task_id = t.id) is null
   order by t.id
   limit 1
     for no key update skip locked;
  if not found then
    return null;
  end if;
  insert into app_hidden.dropped_bodies (task_id) values (v_task_id) on conflict do nothing;
  v_emails := array(
    select m.recipient_email
      from app_public.sub_task_mails m
     where m.task_id = v_task_id and m.recipient_email > (select last_email from app_hidden.dropped_bodies where task_id = v_task_id)
     order by m.recipient_email
     limit p_limit);
  update app_public.sub_task_mails set rendered_body = '', rendered_text = '' where task_id = v_task_id and recipient_email = any (v_emails);
  update app_hidden.dropped_bodies
     set last_email = coalesce(v_emails[cardinality(v_emails)], last_email), finished_at = case when cardinality(v_emails) < p_limit then v_now end
   where task_id = v_task_id;
  return cardinality(v_emails);
end;
$$;

revoke all on function app_private.drop_bodies(interval, integer) from public;
grant execute on function app_private.drop_bodies(interval, integer) to postilion_worker;
comment on function app_private.drop_bodies(interval, integer) is
  'Empties up to p_limit rendered bodies of a Task that was completed or cancelled, or failed, more than p_keep ago. Answers how many; null: there is no such Task left.';
