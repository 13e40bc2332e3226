create or replace function app_hidden.gravity(p_reason text)
returns integer
language sql
immutable
parallel safe
set search_path to pg_catalog, pg_temp
as $$
  select array_position(array['soft_bounces', 'hard_bounce', 'unsubscribe', 'complaint', 'manual'], p_reason);
$$;

revoke all on function app_hidden.gravity(text) from public;
comment on function app_hidden.gravity(text) is 'Which of two reasons for a suppression is kept: the one with more gravity. A person''s decision is never replaced.';
