create or replace function app_hidden.worker_is_live(p_kind text)
returns boolean
language sql
stable
set search_path to pg_catalog, app_hidden, pg_temp
as $$
  select exists (
    select from app_hidden.worker_pools where kind = p_kind and seen_at > app_hidden.current_time() - interval '15 s');
$$;

revoke all on function app_hidden.worker_is_live(text) from public;
comment on function app_hidden.worker_is_live(text) is 'Whether any runner of a kind (send, other) gave a sign of life within 15 s.';
