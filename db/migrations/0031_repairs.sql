-- Asked for by health, and forgotten by age.
create index repairs_by_time on app_hidden.repairs (at);
