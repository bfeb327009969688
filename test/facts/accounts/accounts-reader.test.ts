import { describe, expect, test } from 'vitest';
import { ImageError } from '../../../src/errors.ts';
import { readAccounts } from '../../../src/facts/accounts/accounts-reader.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../src/limits.ts';
import { RootView } from '../../../src/root/root-view.ts';

function read(tree: MemoryTree) {
  return readAccounts(new RootView([{ path: '/', fileSystem: new MemoryFileSystem(tree, 'image') }], defaultLimits));
}

const passwd = ['root', 'free', 'locked', 'des', 'plain', 'gone', 'old']
  .map((name, uid) => `${name}:${name === 'old' ? '$1$x$y' : 'x'}:${uid}:${uid}:Comment:/home/${name}:/bin/sh`)
  .join('\n');
const shadow = [
  'root:$y$j9T$abc$def:19000:0:99999:7:::',
  'free::19000::::::',
  'locked:!$6$a$b:19000::::::',
  'des:abcdefghijklm:1::::::',
  'plain:*:1::::::',
].join('\n');

describe('accounts', () => {
  test('tells what each password field means and where it is', () => {
    const { users } = read({ '/etc/passwd': passwd, '/etc/shadow': shadow }).value;
    expect(
      users.map(({ name, password, scheme, passwordLocation: { path, line } }) => [
        name,
        password,
        scheme,
        `${path}:${line}`,
      ]),
    ).toEqual([
      ['root', 'hash', 'y', '/etc/shadow:1'],
      ['free', 'none', undefined, '/etc/shadow:2'],
      ['locked', 'locked', undefined, '/etc/shadow:3'],
      ['des', 'hash', 'des', '/etc/shadow:4'],
      ['plain', 'locked', undefined, '/etc/shadow:5'],
      ['gone', 'unknown', undefined, '/etc/passwd:6'],
      ['old', 'hash', '1', '/etc/passwd:7'],
    ]);
  });

  test('an unreadable shadow makes passwords unknown and nothing else', () => {
    const error = new ImageError('corrupt', 'ext4/bad-checksum', 'bad checksum');
    const { value, gaps } = read({ '/etc/passwd': passwd, '/etc/shadow': { text: shadow, error } });
    expect(value.users.slice(0, 6).map(({ password }) => password)).toEqual(Array(6).fill('unknown'));
    expect(gaps.map(({ keys }) => keys)).toEqual([['passwords']]);
  });

  test('reports repeated names and ids, and lines that are no entries', () => {
    const { duplicates, problems } = read({
      '/etc/passwd': 'a:x:1:1::/:/bin/sh\nb:x:1:1::/:/bin/sh\na:x:2:2::/:/bin/sh\nbroken\n+nis::::::\n',
      '/etc/group': 'g:x:5:a,b\nh:x:5:\nbad:x:y:\n',
    }).value;
    expect(duplicates.map(({ kind, value, locations }) => [kind, value, locations.map(({ line }) => line)])).toEqual([
      ['user name', 'a', [1, 3]],
      ['uid', '1', [1, 2]],
      ['gid', '5', [1, 2]],
    ]);
    expect(problems.map(({ location: { path, line } }) => `${path}:${line}`)).toEqual([
      '/etc/passwd:4',
      '/etc/group:3',
    ]);
  });

  test('accounts of sysusers.d are declared, memberships of existing groups added', () => {
    const { users, groups } = read({
      '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
      '/etc/group': 'root:x:0:\nadm:x:4:root\n',
      '/usr/lib/sysusers.d/a.conf':
        'u svc 404 "A service" /var/lib/svc\nm svc adm\nu svc 404 "A service" /var/lib/svc\n',
    }).value;
    expect(users.map(({ name, uid, standing }) => [name, uid, standing])).toEqual([
      ['root', 0, 'present'],
      ['svc', 404, 'declared'],
    ]);
    expect(groups.map(({ name, members }) => [name, members])).toEqual([
      ['root', []],
      ['adm', ['root', 'svc']],
      ['svc', []],
    ]);
    expect(users[1]?.location).toEqual({ source: 'image', path: '/usr/lib/sysusers.d/a.conf', line: 1 });
  });
});
