/** The fact `tmpfiles`: tmpfiles.d(5) as systemd-tmpfiles-setup.service (--create --remove --boot) takes it. */
import type { RootView } from '../../root/root-view.ts';
import { confDirectories, listConfFiles, readConfTexts } from '../conf-files/conf-files.ts';
import { maxLineLength, splitLines, stripBlanks } from '../conf-files/lines.ts';
import { createSpecifiers } from '../conf-files/specifiers.ts';
import type { FactReader, FactResult } from '../fact.ts';
import type { TmpfilesFact, TmpfilesLine } from './tmpfiles-fact.ts';
import { ownsPath, parseTmpfilesLine, takesGlob } from './tmpfiles-line.ts';

export const tmpfilesReader: FactReader<'tmpfiles'> = {
  id: 'tmpfiles',
  title: 'files and directories that systemd-tmpfiles makes at boot',
  reads: confDirectories('tmpfiles.d').map((directory) => `${directory}/*.conf`),
  needs: [],
  read: (view) => readTmpfiles(view),
};

/** For one path the first line by file name counts; adjustments (z, Z, t, h, a) come on top. */
export function readTmpfiles(view: RootView): FactResult<TmpfilesFact> {
  const listed = listConfFiles(view, confDirectories('tmpfiles.d'), '.conf');
  const read = readConfTexts(view, listed.files);
  const expand = createSpecifiers(view);
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
      const parsed = parseTmpfilesLine(stripped, location, expand);
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
  const gaps = [...listed.gaps, ...read.gaps];
  const files = listed.files.map(({ location }) => location);
  return {
    value: { lines, duplicates, undecided, files, masked: listed.masked, problems },
    diagnostics: gaps.map(({ cause }) => cause),
    gaps,
  };
}

/** item_compatible(): two lines may claim one path if they say the same about it. */
function isSame(a: TmpfilesLine, b: TmpfilesLine): boolean {
  return a.argument === b.argument && a.user === b.user && a.group === b.group && a.mode === b.mode && a.age === b.age;
}
