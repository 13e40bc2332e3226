-- Made beside its table and attached: that lets readers and writers of the other months go on. Rows of the month that strayed into the
-- default partition move over before, or attaching would be refused; a storage parameter can't be inherited, so it is given here.
create or replace function app_hidden.add_partition(p_table text, p_month timestamptz)
returns integer
language plpgsql
volatile
set search_path to pg_catalog, app_public, pg_temp
set timezone to 'UTC'
as $$
declare
  v_name text := p_table || to_char(p_month, '_YYYY_MM');
  v_end timestamptz := p_month + interval '1 month';
begin
  if to_regclass(format('app_public.%I', v_name)) is not null then
    return 0;
  end if;
  execute format('create table app_public.%I (like app_public.%I including defaults including constraints)', v_name, p_table);
  execute format('alter table app_public.%I enable row level security', v_name);
  execute format('lock table app_public.%I in access exclusive mode', p_table || '_default');
  execute format(
    'with strayed as (delete from app_public.%I where received_at >= $1 and received_at < $2 returning *) insert into app_public.%I select * from strayed',
    p_table || '_default', v_name) using p_month, v_end;
  execute format('alter table app_public.%I attach partition app_public.%I for values from (%L) to (%L)', p_table, v_name, p_month, v_end);
  return 1;
end;
$$;

revoke all on function app_hidden.add_partition(text, timestamptz) from public;
comment on function app_hidden.add_partition(text, timestamptz) is
  'Makes the partition of a month, named <table>_YYYY_MM, with what of it lay in the default one. Answers 0 when it is there already.';
