alter table app_public.email_services add column bounce_address text;
comment on column app_public.email_services.bounce_address is
  'The mailbox that bounces of its mails go to, each to an address of its own there: bounces@example.com becomes bounces+<token>@example.com. SMTP only; null: bounces go to the sender''s address.';
grant select (bounce_address) on app_public.email_services to postilion_admin;
