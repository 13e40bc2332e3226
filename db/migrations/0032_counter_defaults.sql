-- A line says what it knows: moves, or what was heard of mails.
alter table app_hidden.task_counter_changes
  alter column ever_sent set default 0, alter column ever_delivered set default 0, alter column ever_opened set default 0,
  alter column ever_clicked set default 0, alter column ever_bounced set default 0, alter column ever_unsubscribed set default 0,
  alter column ever_complained set default 0, alter column ever_human_opened set default 0, alter column ever_human_clicked set default 0;
