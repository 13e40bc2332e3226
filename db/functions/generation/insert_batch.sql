-- The batch row goes in the transaction that inserts its SubTasks: whoever deletes it has done it, a second copy of the job finds nothing.
-- It commits lazily: a batch that a crash of the server undoes is still there to be done, and finish_generation, which makes all of them
-- claimable, is durable with everything before it.
-- The Task is locked for share, so that a Task which stopped generating gets no more rows.
create or replace function app_private.insert_batch(
  p_task_id uuid, p_number integer,
  p_ids uuid[], p_contact_ids uuid[], p_template_ids uuid[], p_emails text[], p_tracking_ids text[],
  p_subjects text[], p_bodies text[], p_texts text[], p_links text[], p_errors text[]
)
returns boolean
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  perform app_hidden.commit_lazily();
  perform from app_public.tasks where id = p_task_id and status = 'generating' for share;
  if not found then
    return false;
  end if;
  delete from app_hidden.task_recipient_batches where task_id = p_task_id and number = p_number;
  if not found then
    return false;
  end if;
  -- The mail first: a recipient who has one of this Task already gets no second row. References are checked when the statement ends.
  with given as (
    select *
      from unnest(p_ids, p_contact_ids, p_template_ids, p_emails, p_tracking_ids, p_subjects, p_bodies, p_texts, p_links, p_errors)
             as r (id, contact_id, template_id, email, tracking_id, subject, body, plain, links, error)
  ), mails as (
    insert into app_public.sub_task_mails
      (sub_task_id, task_id, contact_id, template_id, recipient_email, tracking_id, rendered_subject, rendered_body, rendered_text, link_urls)
    select id, p_task_id, contact_id, template_id, email, tracking_id, subject, body, plain, string_to_array(links, E'\n') from given
    on conflict do nothing
    returning sub_task_id
  )
  insert into app_public.sub_tasks (id, task_id, lane, status, phase, failed_at, error_code, error_message)
  select g.id, p_task_id, coalesce(d.lane, ''), case when g.error is null then 'pending' else 'failed' end::app_public.sub_task_status,
         case when g.error is null then 'waiting' else 'failed' end::app_public.sub_task_phase,
         case when g.error is not null then app_hidden.current_time() end,
         case when g.error is not null then 'rendering' end,
         g.error
    from mails m join given g on g.id = m.sub_task_id
    left join app_public.lane_domains d on d.domain = split_part(g.email, '@', 2)
   order by g.id;
  return true;
end;
$$;

revoke all on function app_private.insert_batch(uuid, integer, uuid[], uuid[], uuid[], text[], text[], text[], text[], text[], text[], text[]) from public;
grant execute on function app_private.insert_batch(uuid, integer, uuid[], uuid[], uuid[], text[], text[], text[], text[], text[], text[], text[]) to postilion_worker;
comment on function app_private.insert_batch(uuid, integer, uuid[], uuid[], uuid[], text[], text[], text[], text[], text[], text[], text[]) is
  'Inserts one rendered batch, one array a column (links: a row''s addresses joined by line breaks); a row with an error is inserted as failed. Answers false when the batch was done already or the Task stopped generating.';
