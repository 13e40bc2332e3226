-- Whoever changes a password may fear that another knows it: what was begun with the former one ends, and so does a reset under way. Of two
-- who know the former one, and change it at once, the second is told that it is wrong, and does not undo what the first did.
create or replace function app_private.set_password(
  p_user_id uuid,
  p_password_hash text,
  p_keep_session_id uuid default null,
  p_former_hash text default null
)
returns void
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_private, app_hidden, pg_temp
as $$
begin
  perform app_hidden.require_user(p_user_id);
  perform from app_private.passwords where user_id = p_user_id and hash = p_former_hash for update;
  if p_former_hash is not null and not found then
    raise exception 'currentPassword: it is wrong' using errcode = 'BADIN';
  end if;
  insert into app_private.passwords (user_id, hash, changed_at) values (p_user_id, p_password_hash, app_hidden.current_time())
      on conflict (user_id) do update set hash = excluded.hash, changed_at = excluded.changed_at;
  delete from app_private.password_resets where user_id = p_user_id;
  delete from app_private.sessions where user_id = p_user_id and id is distinct from p_keep_session_id;
end;
$$;

revoke all on function app_private.set_password(uuid, text, uuid, text) from public;
grant execute on function app_private.set_password(uuid, text, uuid, text) to postilion_authenticator;
comment on function app_private.set_password(uuid, text, uuid, text) is
  'Sets a user''s password and ends their sessions, except one that is to be kept. API tokens stay. Raises NTFND; BADIN when a former hash is given and is not the present one.';
