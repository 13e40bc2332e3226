create or replace function app_hidden.sentence_of(p_step app_hidden.repair_step)
returns text
language sql
immutable
set search_path to pg_catalog, pg_temp
as $$
  select format('%s%s: %s', p_step.name, case when p_step.how_many > 1 then format(' (%s)', p_step.how_many) else '' end, p_step.says);
$$;

revoke all on function app_hidden.sentence_of(app_hidden.repair_step) from public;
comment on function app_hidden.sentence_of(app_hidden.repair_step) is 'A step of a plan in a sentence.';
