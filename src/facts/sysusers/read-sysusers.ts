/** sysusers.d(5) of an image, and what it adds to given accounts. */
import type { Location } from '../../location.ts';
import type { RootView } from '../../root/root-view.ts';
import type { GroupAccount, UserAccount } from '../accounts/accounts-fact.ts';
import { confDirectories, listConfFiles, type MaskedFile, readConfTexts } from '../conf-files/conf-files.ts';
import { createSpecifiers } from '../conf-files/specifiers.ts';
import type { Gap } from '../fact.ts';
import { resolveSysusers, type SysusersResult } from './resolve-sysusers.ts';
import { parseSysusersFile } from './sysusers-file.ts';

export interface Sysusers extends SysusersResult {
  readonly files: readonly Location[];
  readonly masked: readonly MaskedFile[];
  readonly gaps: readonly Gap[];
}

/** The accounts systemd-sysusers.service adds at boot to the `users` and `groups` of the image. */
export function readSysusers(view: RootView, users: readonly UserAccount[], groups: readonly GroupAccount[]): Sysusers {
  const listed = listConfFiles(view, confDirectories('sysusers.d'), '.conf');
  const read = readConfTexts(view, listed.files);
  const expand = createSpecifiers(view);
  const parsed = read.texts.map(({ file, text }) => parseSysusersFile(text, file.location, expand));
  const result = resolveSysusers(
    users,
    groups,
    parsed.flatMap(({ lines }) => lines),
  );
  return {
    ...result,
    problems: [...parsed.flatMap(({ problems }) => problems), ...result.problems],
    files: listed.files.map(({ location }) => location),
    masked: listed.masked,
    gaps: [...listed.gaps, ...read.gaps],
  };
}
