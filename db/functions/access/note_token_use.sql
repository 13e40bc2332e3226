-- A row that somebody else is just writing is passed over: the note is not worth a wait in front of every request.
create or replace function app_hidden.note_token_use(p_token_id uuid, p_now timestamptz)
returns void
language sql
volatile
set search_path to pg_catalog, app_public, pg_temp
as $$
  update app_public.api_tokens
     set last_used_at = p_now
   where id = (select id from app_public.api_tokens
                where id = p_token_id and (last_used_at is null or last_used_at <= p_now - interval '1 minute')
                  for no key update skip locked);
$$;

revoke all on function app_hidden.note_token_use(uuid, timestamptz) from public;
comment on function app_hidden.note_token_use(uuid, timestamptz) is 'Notes that an API token is in use, at most once a minute.';
