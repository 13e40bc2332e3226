create or replace function app_hidden.standing_of(p_sub_task app_public.sub_tasks)
returns text
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select case p_sub_task.status
    when 'pending' then case when p_sub_task.available_at > app_hidden.current_time()
      then 'It is tried again in ' || app_hidden.span_text(app_hidden.current_time(), p_sub_task.available_at) || '.'
      else coalesce((select 'It waits: ' || sentence from app_public.why_not_sending(p_sub_task.task_id) limit 1), 'It waits for its turn; its Task is sending.') end
    when 'allocated' then case when p_sub_task.lease_expires_at > app_hidden.current_time() then 'A worker has claimed it and is about to hand it over.'
      else 'Its worker is late: postilion repair leases.' end
    when 'sending' then case when p_sub_task.lease_expires_at > app_hidden.current_time() then 'It is being handed over.'
      else 'Its worker is late, and the provider may have it: postilion repair leases.' end
    when 'uncertain' then 'Nobody knows whether the provider took it. A webhook or the provider''s record settles it; else an operator does, after 72 hours the Task completes without it.'
    when 'failed' then format('It failed for good (%s).', p_sub_task.error_code)
    when 'cancelled' then 'It was cancelled and will not be sent.'
    when 'bounced' then case when p_sub_task.bounce_is_soft then 'It bounced for now; a delivery may still be heard of.' else 'It bounced for good.' end
    when 'sent' then 'The provider took it; nothing was heard of it since.'
    else 'It arrived.'
  end;
$$;

revoke all on function app_hidden.standing_of(app_public.sub_tasks) from public;
comment on function app_hidden.standing_of(app_public.sub_tasks) is 'In a sentence where a mail stands and what comes next.';
