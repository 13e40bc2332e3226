create or replace function ops.read_history(p_sub_task text)
returns jsonb
language plpgsql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_id uuid := app_hidden.find_sub_task(p_sub_task);
begin
  return (
    select jsonb_build_object(
      'subTask', jsonb_build_object('id', st.id, 'status', st.status, 'taskId', st.task_id, 'task', t.name, 'recipient', m.recipient_email, 'service', s.name,
        'attempts', st.attempts, 'refusals', st.refusals, 'deferrals', st.deferrals, 'messageId', st.message_id, 'errorCode', st.error_code, 'errorMessage', st.error_message,
        'mailsToAddress', (select count(*) from (select from app_public.sub_task_mails o where o.recipient_email = m.recipient_email limit 1001) as others)),
      'life', (select coalesce(jsonb_agg(jsonb_build_object('at', l.at, 'what', l.what, 'who', l.who, 'says', l.says) order by l.at, l.ordinality), '[]')
                 from app_hidden.life_of_sub_task(st.id) with ordinality as l),
      'now', app_hidden.standing_of(st))
      from app_public.sub_tasks st
      join app_public.tasks t on t.id = st.task_id
      left join app_public.sub_task_mails m on m.sub_task_id = st.id
      left join app_public.email_services s on s.id = st.service_id
     where st.id = v_id);
end;
$$;

revoke all on function ops.read_history(text) from public;
grant execute on function ops.read_history(text) to postilion_operator;
comment on function ops.read_history(text) is
  'A mails whole life for programs. By its id, the beginning of it, or the address, of which the latest mail is meant. Raises NTFND, and BADIN where several are meant.';
