-- The local part gets "+" and a token of 36 characters for each mail, and must stay within 64 (RFC 5321, 4.5.3.1.1); the whole within 254.
alter table app_public.email_services add column bounce_address text;
alter table app_public.email_services add constraint email_services_bounce_address_check check (
  bounce_address ~ '^[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$'
  and position('@' in bounce_address) <= 28 and length(bounce_address) <= 217
);
alter table app_public.email_services add constraint bounce_address_is_for_smtp check (bounce_address is null or provider = 'smtp');
comment on column app_public.email_services.bounce_address is
  'The mailbox that bounces of its mails go to, each to an address of its own there: bounces@example.com becomes bounces+<token>@example.com. SMTP only; null: bounces go to the sender''s address.';
grant select (bounce_address) on app_public.email_services to postilion_admin;
