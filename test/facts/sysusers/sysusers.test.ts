/** Expectations recorded from `systemd-sysusers --root` of systemd 252 and 257. */
import { describe, expect, test } from 'vitest';
import { resolveSysusers } from '../../../src/facts/sysusers/resolve-sysusers.ts';
import { parseSysusersFile } from '../../../src/facts/sysusers/sysusers-file.ts';

function resolve(text: string) {
  const parsed = parseSysusersFile(text, { source: 'image', path: '/a.conf' }, (written) => ({
    state: 'known',
    text: written,
  }));
  const { users, groups, problems } = resolveSysusers([], [], parsed.lines);
  return {
    users: users.map(({ name, uid, gid }) => `${name}:${uid}:${gid}`),
    groups: groups.map(({ name, gid, members }) => `${name}:${gid}:${members.join(',')}`),
    problems: [...parsed.problems, ...problems].map(({ message }) => message),
  };
}

describe('sysusers', () => {
  test.each([
    ['u a -\nu b -', ['a:999:999', 'b:998:998'], ['a:999:', 'b:998:'], []],
    ['r - 500-501\nu a -\ng b -', ['a:500:500'], ['b:501:', 'a:500:'], []],
    ['m _x e-f', ['_x:998:998'], ['e-f:999:_x', '_x:998:'], []],
    ['u root -:b\ng d 404', [], ['d:404:'], ['Group b not found.']],
    ['u a 404:405', [], [], ['Failed to create a: please create GID 405']],
    ['g b 405\nu a 404:405', ['a:404:405'], ['b:405:'], []],
    ['g b 405\nu a 404:b', ['a:404:405'], ['b:405:'], []],
    ['u 9x 404', [], [], ["'9x' is not a valid user or group name."]],
    ['u a 65535', [], [], ["Failed to parse ID: '65535'"]],
    ['g b 500 desc', [], [], ["Lines of type 'g' don't take a comment field."]],
    ['u d 998 - - - extra', [], [], ['Trailing garbage.']],
    ['x a', [], [], ["Unknown command type 'x'."]],
  ])('%j', (text, users, groups, problems) => {
    expect(resolve(text)).toEqual({ users, groups, problems });
  });

  test('a range as wide as the numbers go costs nothing', () => {
    expect(resolve('r - 4294967294\nr - 1\ng a 4294967294\ng b -').groups).toEqual(['a:4294967294:', 'b:1:']);
  });
});
