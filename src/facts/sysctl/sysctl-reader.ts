/** The fact `sysctl`: sysctl.d(5) and the kernel command line, resolved as systemd-sysctl.service would at boot. */
import type { RootView } from '../../root/root-view.ts';
import { confDirectories, listConfFiles, readConfTexts } from '../conf-files/conf-files.ts';
import type { FactReader, FactResult, ImageFacts } from '../fact.ts';
import { resolveSysctl } from './resolve-sysctl.ts';
import type { SysctlFact } from './sysctl-fact.ts';
import { parseSysctlFile } from './sysctl-file.ts';
import { parseSysctlParameters } from './sysctl-parameters.ts';

export const sysctlReader: FactReader<'sysctl'> = {
  id: 'sysctl',
  title: 'kernel parameters as systemd-sysctl sets them at boot',
  reads: confDirectories('sysctl.d').map((directory) => `${directory}/*.conf`),
  needs: [],
  read: (view, context) => readSysctl(view, context.image.commandLine),
};

/** /etc/sysctl.conf counts only through a link in one of the directories (Debian's 99-sysctl.conf). */
export function readSysctl(view: RootView, commandLine?: ImageFacts['commandLine']): FactResult<SysctlFact> {
  const listed = listConfFiles(view, confDirectories('sysctl.d'), '.conf');
  const read = readConfTexts(view, listed.files);
  const parsed = read.texts.map(({ file, text }) => parseSysctlFile(text, file.location));
  const early = commandLine ? parseSysctlParameters(commandLine.text, commandLine.location) : [];
  const gaps = [...listed.gaps, ...read.gaps];
  return {
    value: {
      ...resolveSysctl(
        early,
        parsed.flatMap(({ lines }) => lines),
      ),
      files: listed.files.map(({ location }) => location),
      masked: listed.masked,
      problems: [
        ...listed.files
          .filter(({ kind }) => kind === 'not-a-file')
          .map(({ location }) => ({ message: 'Failed to read file, ignoring: not a regular file', location })),
        ...parsed.flatMap(({ problems }) => problems),
      ],
    },
    diagnostics: gaps.map(({ cause }) => cause),
    gaps,
  };
}
