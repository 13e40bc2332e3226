-- By the Contact, whose address may have been another one then, and by the address, which may have been another Contact's. What is found is
-- changed so that it is not found again: killed anywhere, it goes on where it was.
-- A row that a worker holds keeps its state: begin_sends refuses it, and the next claim cancels it (see suppressed_among). One that is on its
-- way to the provider has left; what becomes of it counts.
create or replace function app_hidden.erase_mails(p_erasure app_public.erasures, p_limit integer)
returns integer
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_ids uuid[] := array(
    (select m.sub_task_id from app_public.sub_task_mails m where m.contact_id = p_erasure.contact_id limit p_limit)
    union
    (select m.sub_task_id
       from app_public.sub_task_mails m join app_public.tasks t on t.id = m.task_id
      where m.recipient_email = p_erasure.email and t.workspace_id = p_erasure.workspace_id
      limit p_limit));
  v_addresses text[];
  v_cancelled integer;
begin
  perform from app_public.sub_tasks where id = any (v_ids) order by id for no key update;
  perform set_config('postilion.reason', 'erase_contact', true);
  update app_public.sub_tasks
     set status = 'cancelled', phase = 'over', cancelled_at = app_hidden.current_time(), error_code = 'erased', error_message = null
   where id = any (v_ids) and status = 'pending';
  get diagnostics v_cancelled = row_count;
  update app_public.sub_tasks set error_message = null, provider_response = null
   where id = any (v_ids) and num_nonnulls(error_message, provider_response) > 0;
  v_addresses := array(select distinct recipient_email from app_public.sub_task_mails where sub_task_id = any (v_ids) order by 1);
  update app_public.sub_task_mails
     set contact_id = null, recipient_email = sub_task_id || '@erased.invalid', rendered_subject = '', rendered_body = '', rendered_text = '', link_urls = '{}'
   where sub_task_id = any (v_ids);
  insert into app_hidden.erased_mails (sub_task_id, erasure_id) select mail, p_erasure.id from unnest(v_ids) as mail order by mail on conflict do nothing;
  perform app_hidden.forget_address(p_erasure.workspace_id, address) from unnest(v_addresses) as address;
  update app_public.erasures set mails = mails + cardinality(v_ids), cancelled = cancelled + v_cancelled where id = p_erasure.id;
  return cardinality(v_ids);
end;
$$;

revoke all on function app_hidden.erase_mails(app_public.erasures, integer) from public;
comment on function app_hidden.erase_mails(app_public.erasures, integer) is
  'Takes address, text and links off up to twice p_limit mails of a locked erasure''s person, and cancels those that wait. Answers how many mails; 0: none is left.';
