-- Mails that are sent again go out in its name even years later, so a sender stays as long as its Tasks.
create or replace function app_public.delete_sender(p_sender_id uuid)
returns app_public.senders
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_sender app_public.senders;
  v_user text;
begin
  select * into v_sender from app_public.senders where id = p_sender_id;
  perform app_hidden.demand_of('editor', v_sender.workspace_id, format('senderId: there is no sender %s', p_sender_id));
  select * into v_sender from app_public.senders where id = p_sender_id for update;
  if not found then
    raise exception 'senderId: there is no sender %', p_sender_id using errcode = 'NTFND';
  end if;
  select t.name into v_user from app_public.tasks t where t.sender_id = p_sender_id order by t.id desc limit 1;
  if found then
    raise exception 'senderId: the task "%" sends in its name', v_user using errcode = 'BADIN';
  end if;
  delete from app_public.senders where id = p_sender_id;
  return v_sender;
end;
$$;

revoke all on function app_public.delete_sender(uuid) from public;
grant execute on function app_public.delete_sender(uuid) to postilion_user, postilion_admin;
comment on function app_public.delete_sender(uuid) is 'Deletes a sender. Raises NTFND, and BADIN, naming a Task, while any Task sends in its name.';
