-- What people set of a service is checked where they set it, by a trigger on those columns and not by CHECKs: PostgreSQL reads the text of each
-- CHECK anew in each statement that writes the table, and every turn of a service writes its row (with eighteen of them a save took 218 µs, with one some 70).
-- The error is that of the CHECK it stands for, named as PostgreSQL would name it.
create or replace function app_hidden.tg_email_services__check()
returns trigger
language plpgsql
volatile
set search_path to pg_catalog, pg_temp
as $$
declare
  v_wrong text := case
    when length(new.name) not between 1 and 200 then 'name'
    when new.provider !~ '^[a-z][a-z0-9_]{0,40}$' then 'provider'
    when new.domain <> lower(new.domain) or new.domain !~ '^[a-z0-9.-]{1,253}$' then 'domain'
    when new.base_url !~ '^(https?|smtps?)://' then 'base_url'
    when new.tracking_base_url !~ '^https?://' or new.tracking_base_url ~ '/$' then 'tracking_base_url'
    when new.interval_ms not between 0 and 86400000 then 'interval_ms'
    when new.max_in_flight not between 1 and 10000 then 'max_in_flight'
    when new.rate_per_second not between 0.001 and 100000 then 'rate_per_second'
    when new.daily_quota < 0 then 'daily_quota'
    when new.timeout_ms not between 100 and 300000 then 'timeout_ms'
    when new.lease_ms not between 1000 and 3600000 then 'lease_ms'
    -- The lease covers the timeout and the guard before a write.
    when new.lease_ms < new.timeout_ms + 15000 then 'lease_ms'
    -- The local part gets "+" and a token of 36 characters for each mail, and must stay within 64 (RFC 5321, 4.5.3.1.1); the whole within 254.
    when new.bounce_address !~ '^[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$'
      or position('@' in new.bounce_address) > 28 or length(new.bounce_address) > 217
      or new.provider <> 'smtp' and new.bounce_address is not null then 'bounce_address'
    -- Both are parts of names in the DNS: labels of letters, digits, hyphens and underscores.
    when length(new.dkim_selector) > 63 or new.dkim_selector !~* '^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$' then 'dkim_selector'
    when new.spf_include !~ '^[a-z0-9_]([a-z0-9_.-]{0,250}[a-z0-9])?$' then 'spf_include'
    -- To an SMTP server each repeat is a new mail.
    when new.repeats_are_idempotent and new.provider = 'smtp' then 'repeats_are_idempotent'
  end;
begin
  if v_wrong is not null then
    raise exception '% can not be this', v_wrong
      using errcode = 'check_violation', schema = tg_table_schema, table = tg_table_name, column = v_wrong,
            constraint = format('email_services_%s_check', v_wrong);
  end if;
  return new;
end;
$$;

revoke all on function app_hidden.tg_email_services__check() from public;
comment on function app_hidden.tg_email_services__check() is 'Refuses values of a service that can not be, as a CHECK would.';

create or replace trigger _100_check
  before insert or update of name, provider, domain, base_url, tracking_base_url, interval_ms, max_in_flight, rate_per_second, daily_quota,
    timeout_ms, lease_ms, repeats_are_idempotent, bounce_address, dkim_selector, spf_include
  on app_public.email_services for each row execute function app_hidden.tg_email_services__check();
