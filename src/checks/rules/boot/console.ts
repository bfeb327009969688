/** A console that the command line names exists on the architecture, and somebody can log in there. */
import type { Verdict } from '../../check.ts';
import { at, fail, joinVerdicts, pass, skip } from '../../verdict.ts';
import type { BootLink } from './link.ts';

/** Serial ports whose driver is not built for these architectures. */
const foreignPorts: readonly { readonly pattern: RegExp; readonly architectures: readonly string[] }[] = [
  { pattern: /^tty(?:AMA|mxc|SAC|PS)\d/, architectures: ['amd64', 'i386'] },
];

export const console: BootLink = {
  id: 'console',
  needs: ['boot', 'platform', 'unit'],
  judge: (facts) => {
    const commandLine = facts.get('boot', '', ['entry']).entry?.commandLine;
    if (!commandLine) return skip('there is no kernel command line');
    const names = [...commandLine.text.matchAll(/(?:^|\s)console=([^\s,]+)/g)].map((match) => match[1] ?? '');
    if (names.length === 0) return skip('the command line names no console');
    const { architecture = '' } = facts.get('platform');
    const evidence = [at(commandLine.location, 'set by')];
    const findings = names.flatMap((name): Verdict[] => {
      const isForeign = foreignPorts.some(
        ({ pattern, architectures }) => pattern.test(name) && architectures.includes(architecture),
      );
      if (isForeign) return [fail(`console=${name} is no port of ${architecture}`, { evidence })];
      if (/^tty\d*$/.test(name)) return [];
      const getty = facts.get('unit', `serial-getty@${name}.service`);
      const masked = [...evidence, ...(getty.fragment ? [at(getty.fragment, 'masked by')] : [])];
      return getty.loadState === 'masked'
        ? [fail(`nobody can log in at console=${name}: ${getty.name} is masked`, { evidence: masked })]
        : [];
    });
    return findings.length > 0 ? joinVerdicts(findings, 'info') : pass(names.join(', '), evidence);
  },
};
