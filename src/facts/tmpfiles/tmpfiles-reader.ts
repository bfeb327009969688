/** The fact `tmpfiles`: tmpfiles.d(5) as systemd-tmpfiles-setup.service (--create --remove --boot) takes it. */
import type { RootView } from '../../root/root-view.ts';
import type { AccountsFact } from '../accounts/accounts-fact.ts';
import { confDirectories, listConfFiles, readConfTexts } from '../conf-files/conf-files.ts';
import { maxLineLength, splitLines, stripBlanks } from '../conf-files/lines.ts';
import { createSpecifiers } from '../conf-files/specifiers.ts';
import type { FactReader, FactResult } from '../fact.ts';
import type { TmpfilesFact, TmpfilesLine } from './tmpfiles-fact.ts';
import { type AccountIds, ownsPath, parseTmpfilesLine, takesGlob } from './tmpfiles-line.ts';

export const tmpfilesReader: FactReader<'tmpfiles'> = {
  id: 'tmpfiles',
  title: 'files and directories that systemd-tmpfiles makes at boot',
  reads: confDirectories('tmpfiles.d').map((directory) => `${directory}/*.conf`),
  needs: ['accounts'],
  read: (view, context) => readTmpfiles(view, context.get('accounts')),
};

/**
 * For one path the first line by file name counts; adjustments (z, Z, t, h, a) come on top. A line with an owner nobody
 * knows is rejected, so accounts that could not be read make every answer doubtful.
 */
export function readTmpfiles(view: RootView, accounts: FactResult<AccountsFact>): FactResult<TmpfilesFact> {
  const listed = listConfFiles(view, confDirectories('tmpfiles.d'), '.conf');
  const read = readConfTexts(view, listed.files);
  const expand = createSpecifiers(view);
  const ids = createIds(accounts.value);
  const lines: TmpfilesLine[] = [];
  const duplicates: { line: TmpfilesLine; by: TmpfilesLine['location'] }[] = [];
  const undecided: { text: string; location: TmpfilesLine['location'] }[] = [];
  const problems: { message: string; location: TmpfilesLine['location'] }[] = [];
  const owners = new Map<string, TmpfilesLine>();
  for (const { file, text } of read.texts) {
    for (const { text: raw, number } of splitLines(text)) {
      if (raw.length >= maxLineLength) break;
      const stripped = stripBlanks(raw);
      if (stripped === '' || stripped.startsWith('#')) continue;
      const location = { ...file.location, line: number };
      const parsed = parseTmpfilesLine(stripped, location, expand, ids);
      if (parsed.state === 'undecided') undecided.push({ text: stripped, location });
      else if (parsed.state === 'problem') problems.push({ message: parsed.message, location });
      else {
        const { line } = parsed;
        const key = `${takesGlob(line.type) ? 'glob' : 'item'} ${line.path}`;
        const owner = owners.get(key);
        if (owner && ownsPath(line.type) && !isSame(owner, line)) {
          duplicates.push({ line, by: owner.location });
          continue;
        }
        if (!owner && ownsPath(line.type)) owners.set(key, line);
        lines.push(line);
      }
    }
  }
  const doubts = accounts.gaps.filter(({ keys }) => keys === undefined);
  const gaps = [...listed.gaps, ...read.gaps, ...doubts];
  const files = listed.files.map(({ location }) => location);
  return {
    value: { lines, duplicates, undecided, files, masked: listed.masked, problems },
    diagnostics: gaps.map(({ cause }) => cause),
    gaps,
  };
}

/** item_compatible(): two lines may claim one path if they say the same about it. */
function isSame(a: TmpfilesLine, b: TmpfilesLine): boolean {
  return a.argument === b.argument && a.uid === b.uid && a.gid === b.gid && a.mode === b.mode && a.age === b.age;
}

function createIds({ users, groups }: AccountsFact): AccountIds {
  const uids = new Map(users.map(({ name, uid }) => [name, uid]));
  const gids = new Map(groups.map(({ name, gid }) => [name, gid]));
  return { uid: (name) => uids.get(name), gid: (name) => gids.get(name) };
}
