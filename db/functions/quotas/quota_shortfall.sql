create or replace function app_hidden.quota_shortfall(p_workspace_id uuid, p_month date, p_needed integer)
returns text
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select format('The workspace has %s of its %s mails for %s left, and the Task needs %s.',
                known.left_over, known.monthly_quota, to_char(p_month, 'YYYY-MM'), p_needed)
    from (
      select w.monthly_quota, greatest(w.monthly_quota - app_hidden.used_in_month(w.id, p_month), 0) as left_over
        from app_public.workspaces w where w.id = p_workspace_id and w.monthly_quota is not null
    ) as known
   where p_needed > known.left_over;
$$;

revoke all on function app_hidden.quota_shortfall(uuid, date, integer) from public;
comment on function app_hidden.quota_shortfall(uuid, date, integer) is
  'Why a workspace''s quota of a month does not suffice for so many mails, in a sentence; null when it does.';
