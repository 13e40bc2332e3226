// An exim that takes mail for anybody on a port of 127.0.0.1 and delivers it into one maildir, or passes it on to another server.

export interface Place {
  readonly directory: string;
  readonly program: string;
  readonly port: number;
  /** Of 127.0.0.1; null: nothing is passed on. */
  readonly relayPort: number | null;
  readonly uid: number;
  readonly gid: number;
}

/** Local parts that are answered with a refusal, and the refusal; null: exim's own words. */
export const REFUSALS = {
  nobody: null,
  unknown: '550 5.1.1 there is no such mailbox',
  disabled: '550 5.2.1 the mailbox is disabled',
  greylisted: '451 4.7.1 come back later',
} as const;

/** Mail for this domain is taken without asking, and passed on: what the next server refuses comes back as a bounce. */
export const RELAYED_DOMAIN = 'relayed.example.com';

export const MAX_MESSAGE_BYTES = 5_000_000;

export function configuration({ directory, program, port, relayPort, uid, gid }: Place): string {
  return `
keep_environment = LD_LIBRARY_PATH : LD_PRELOAD : NSS_WRAPPER_PASSWD : NSS_WRAPPER_GROUP
exim_path = ${program}
exim_user = ${uid}
exim_group = ${gid}
never_users =
deliver_drop_privilege
primary_hostname = mta.example
spool_directory = ${directory}/spool
log_file_path = ${directory}/log/%s
pid_file_path = ${directory}/pid
local_interfaces = 127.0.0.1
daemon_smtp_ports = ${port}
daemon_startup_retries = 0
host_lookup =
message_size_limit = ${MAX_MESSAGE_BYTES}
# With a certificate that it makes for itself.
tls_advertise_hosts = *
acl_smtp_rcpt = recipient

begin acl
recipient:
${refusals()}
  require verify = recipient
  accept

begin routers
${relayPort === null ? '' : RELAY_ROUTER}
anybody:
  driver = accept
  local_parts = ! nobody
  transport = maildir

begin transports
${relayPort === null ? '' : relayTransport(relayPort)}
maildir:
  driver = appendfile
  directory = ${directory}/mail
  maildir_format
  create_directory
  return_path_add
  envelope_to_add
  user = ${uid}
  group = ${gid}
`;
}

const RELAY_ROUTER = `
relay:
  driver = manualroute
  domains = ${RELAYED_DOMAIN}
  route_list = * 127.0.0.1 byname
  self = send
  host_find_failed = defer
  transport = relay
`;

function relayTransport(port: number): string {
  return `
relay:
  driver = smtp
  port = ${port}
  allow_localhost
  hosts_avoid_tls = *
`;
}

function refusals(): string {
  return Object.entries(REFUSALS)
    .filter(([, message]) => message !== null)
    .map(
      ([name, message]) =>
        `  ${message?.startsWith('4') ? 'defer' : 'deny'} local_parts = ${name}\n    message = ${message}`,
    )
    .join('\n');
}
