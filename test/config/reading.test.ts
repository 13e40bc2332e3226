// Promise: what can not be used is named with its key and what was expected, all of it at once, and no value is told.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { formatOf } from '../../src/config/format.ts';
import { withReplaced } from '../../src/config/given.ts';
import { ConfigError, keys, loadConfig, readConfig, secretKeys } from '../../src/config.ts';

const secret = 'a secret of thirty-two characters, or more';

let directory: string;
before(() => {
  directory = mkdtempSync(join(tmpdir(), 'postilion-config-'));
});
after(() => rmSync(directory, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

function faultsOf(env: Record<string, string>): Record<string, string> {
  try {
    loadConfig(env);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    for (const { key, message } of error.faults) assert.ok(error.message.includes(`\n  ${key}: ${message}`));
    return Object.fromEntries(error.faults.map(({ key, message }) => [key, message]));
  }
  return {};
}

test('several wrong values are named together, each with what was expected', () => {
  assert.deepEqual(
    faultsOf({
      PORT: '70000',
      LEDGER_DAYS: 'many',
      QUEUE_BATCH_SIZE: '1.5',
      WEBHOOK_ALLOW_UNSIGNED: 'perhaps',
      LOG_LEVEL: 'loud',
      TRACKING_BASE_URL: 'ftp://mail.example.com',
      POSTILION_SECRET: 'short',
    }),
    {
      POSTILION_SECRET: 'expected 32 characters or more',
      PORT: 'expected a whole number, 0 to 65535',
      TRACKING_BASE_URL: 'expected an http or https address',
      QUEUE_BATCH_SIZE: 'expected a whole number of recipients, 1 to 10000',
      LEDGER_DAYS: 'expected a whole number of days, 1 or more',
      WEBHOOK_ALLOW_UNSIGNED: 'expected true or false',
      LOG_LEVEL: 'expected one of trace, debug, info, warn, error, fatal, silent',
    },
  );
});

test('every key says what it is and what is expected', () => {
  for (const [key, schema] of Object.entries(keys.shape)) {
    assert.match(schema.meta()?.description ?? '', /\w/, key);
    assert.doesNotMatch(formatOf(keys.shape, key), /^a text$/, key);
  }
});

test('no value is told, of a secret least of all', () => {
  for (const key of Object.keys(keys.shape)) {
    const message = Object.values(faultsOf({ [key]: 'Xy7,(' })).join();
    assert.ok(!message.includes('Xy7'), `${key}: ${message}`);
  }
});

describe('a secret from a file', () => {
  test('named by its key and _FILE, without the newline at its end', () => {
    const path = file('one', `${secret}\r\n`);
    const { config, origins } = readConfig({ POSTILION_SECRET_FILE: path });
    assert.equal(config.POSTILION_SECRET, secret);
    assert.deepEqual(origins.get('POSTILION_SECRET'), { source: 'file', file: path });
  });

  for (const name of ['database_url', 'DATABASE_URL'])
    test(`in the credentials directory of systemd, as ${name}`, () => {
      const path = file(name, 'postgres://north@db.example.com/mail\n');
      const { config, origins } = readConfig({ CREDENTIALS_DIRECTORY: directory });
      assert.equal(config.DATABASE_URL, 'postgres://north@db.example.com/mail');
      assert.deepEqual(origins.get('DATABASE_URL'), { source: 'file', file: path });
      rmSync(path);
    });

  test('given twice it is refused, and both places are named', () => {
    const path = file('two', secret);
    const both = { POSTILION_SECRET: secret, POSTILION_SECRET_FILE: path };
    assert.deepEqual(faultsOf(both), {
      POSTILION_SECRET: `given more than once: by POSTILION_SECRET and by POSTILION_SECRET_FILE (${path}); leave one of them`,
    });
    const credential = file('oidc_client_secret', 'word');
    const message = faultsOf({ OIDC_CLIENT_SECRET: 'word', CREDENTIALS_DIRECTORY: directory })['OIDC_CLIENT_SECRET'];
    assert.match(message ?? '', new RegExp(`CREDENTIALS_DIRECTORY \\(${credential}\\)`));
    rmSync(credential);
  });

  test('a file that is not there, or empty, is named', () => {
    const gone = join(directory, 'gone');
    const empty = file('empty', '\n');
    assert.deepEqual(faultsOf({ POSTILION_SECRET_FILE: gone, DATABASE_URL_FILE: empty, PORT: 'x' }), {
      POSTILION_SECRET_FILE: `the file ${gone} can not be read (ENOENT)`,
      DATABASE_URL_FILE: `the file ${empty} is empty`,
      PORT: 'expected a whole number, 0 to 65535',
    });
  });

  test('what is wrong in it is said with its place', () => {
    const path = file('short', 'short');
    assert.deepEqual(faultsOf({ POSTILION_SECRET_FILE: path }), {
      POSTILION_SECRET: `expected 32 characters or more (from ${path})`,
    });
  });

  test('what is no secret is not read from a file, and that is said', () => {
    const { config, nearMisses } = readConfig({ PORT_FILE: file('port', '1234') });
    assert.equal(config.PORT, 5678);
    assert.deepEqual(nearMisses, [{ key: 'PORT_FILE', says: 'only secrets are read from files; set PORT' }]);
  });

  test('a child process can be given another value in its place', () => {
    const credential = file('postilion_secret', secret);
    const env = { CREDENTIALS_DIRECTORY: directory, DATABASE_URL_FILE: file('url', 'postgres://a/b') };
    const child = withReplaced(env, { DATABASE_URL: 'postgres://c/d' }, secretKeys);
    assert.deepEqual(child, { POSTILION_SECRET_FILE: credential, DATABASE_URL: 'postgres://c/d' });
    assert.equal(loadConfig(child).POSTILION_SECRET, secret);
    rmSync(credential);
  });
});

describe('keys that are set and mean nothing', () => {
  const said = (...names: string[]) =>
    readConfig(Object.fromEntries(names.map((name) => [name, 'x']))).nearMisses.map(
      ({ key, says }) => `${key}: ${says}`,
    );

  test('a slip of the hand is told, with the key that was meant', () => {
    assert.deepEqual(said('LEGDER_DAYS', 'DATABASE_URI', 'postilion_secrets', 'LOGLEVEL', 'POSTILION_SECRET_FIL'), [
      'LEGDER_DAYS: did you mean LEDGER_DAYS?',
      'DATABASE_URI: did you mean DATABASE_URL?',
      'postilion_secrets: did you mean POSTILION_SECRET?',
      'LOGLEVEL: did you mean LOG_LEVEL?',
      'POSTILION_SECRET_FIL: did you mean POSTILION_SECRET_FILE?',
    ]);
  });

  test('what is under our name is, too', () => {
    assert.deepEqual(said('POSTILION_COLOUR'), ['POSTILION_COLOUR: there is no such key']);
  });

  test('what belongs to others is not', () => {
    const others = [
      'HOME',
      'HOSTNAME',
      'PATH',
      'PWD',
      'SHELL',
      'USER',
      'LANG',
      'TERM',
      'NODE_OPTIONS',
      'POST',
      'NODE_PATH',
    ];
    assert.deepEqual(said(...others, 'PGHOST', 'PGPORT', 'SSH_AUTH_SOCK', 'XDG_DATA_DIRS', 'LOGNAME', 'OLDPWD'), []);
  });
});
