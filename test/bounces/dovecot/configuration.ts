// A dovecot 2.3 that serves one maildir to one user on a port of 127.0.0.1.

export interface Place {
  readonly directory: string;
  /** Of the maildir, which may be somebody else's to deliver to. */
  readonly maildir: string;
  readonly port: number;
  readonly uid: number;
  readonly gid: number;
  /** The name of that user, and of its group. */
  readonly user: string;
  readonly group: string;
}

export const LOGIN = { user: 'bounces@example.com', password: 'p@ss/wörd' } as const;

export function configuration({ directory, maildir, port, uid, gid, user, group }: Place): string {
  return `
base_dir = ${directory}/run
state_dir = ${directory}/state
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
default_login_user = ${user}
default_internal_user = ${user}
default_internal_group = ${group}
first_valid_uid = 1
mail_location = maildir:${maildir}
passdb {
  driver = static
  args = user=${LOGIN.user} password=${LOGIN.password}
}
userdb {
  driver = static
  args = uid=${uid} gid=${gid} home=${directory}/home
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
  chroot =
  # A wrong password is answered at once.
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
`;
}
