/** A file the token is read from, if the image has it, is readable by root alone. */
import { formatMode } from '../../matchers/mode.ts';
import { at, fail, inconclusive, pass, skip } from '../../verdict.ts';
import type { Rule } from '../rule.ts';
import { tokenParts } from './token-sources.ts';

const othersBits = 0o077;

export const tokenPrivate: Rule<Record<string, never>> = {
  id: 'token-private',
  title: 'The file the token is read from has mode 600 and owner root',
  needs: ['k3s', 'file'],
  options: {},
  evaluate: (_, facts) => {
    const { tokens } = facts.get('k3s', '', tokenParts);
    const files = tokens.filter(({ isFile }) => isFile).map(({ value }) => facts.get('file', value));
    const unread = files.find(({ state }) => state === 'unreadable');
    if (unread) return inconclusive(`${unread.path} could not be read`, unread.location);
    const there = files.flatMap((file) => (file.stat ? [{ file, stat: file.stat }] : []));
    if (there.length === 0) return skip('no token file is in the image');
    const open = there.find(({ stat }) => (stat.mode & othersBits) !== 0 || stat.uid !== 0 || stat.gid !== 0);
    if (!open)
      return pass(
        undefined,
        there.map(({ stat }) => at(stat.location)),
      );
    const { file, stat } = open;
    const found = `${formatMode(stat.mode)} ${stat.uid}:${stat.gid}`;
    return fail(`the token file ${file.path} is ${found}, 0600 0:0 wanted`, {
      expected: '0600 0:0',
      found,
      evidence: [at(stat.location)],
    });
  },
};
