create or replace function app_private.read_batch(p_task_id uuid, p_after integer)
returns table (number integer, contacts jsonb)
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select b.number, (
    select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'email', c.email, 'name', c.name, 'attributes', c.attributes)), '[]')
      from app_public.contacts c where c.id = any (b.contact_ids))
    from app_hidden.task_recipient_batches b
   where b.task_id = p_task_id and b.number > p_after
   order by b.number
   limit 1;
$$;

revoke all on function app_private.read_batch(uuid, integer) from public;
grant execute on function app_private.read_batch(uuid, integer) to postilion_worker;
comment on function app_private.read_batch(uuid, integer) is 'The next batch of recipients after a number, with what templates may say of them.';
