/**
 * A console that the command line names exists on the architecture, and somebody can log in there: systemd-getty-generator starts
 * serial-getty@.service on it, unless that is masked, missing or `systemd.getty_auto=no`; a unit of the image may do so as well.
 */
import { escapeUnitName } from '../../../facts/systemd/unit-name.ts';
import type { Evidence, FactLookup, Verdict } from '../../check.ts';
import { at, fail, inconclusive, joinVerdicts, pass, skip } from '../../verdict.ts';
import type { BootLink } from './link.ts';

/** Serial ports whose driver is not built for these architectures. */
const foreignPorts: readonly { readonly pattern: RegExp; readonly architectures: readonly string[] }[] = [
  { pattern: /^tty(?:AMA|mxc|SAC|PS)\d/, architectures: ['amd64', 'i386'] },
];

/** Virtual terminals have a getty as soon as one is looked at; the others swallow what is written. */
const withoutLogin = /^(?:tty\d*|null|ttynull)$/;

/** Templates that put a login on the terminal of their instance. */
const gettys = ['serial-getty', 'getty', 'autologin'];

export const console: BootLink = {
  id: 'console',
  needs: ['boot', 'platform', 'unit', 'startup'],
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
      return withoutLogin.test(name) ? [] : judgeLogin(name, facts, evidence);
    });
    return findings.length > 0 ? joinVerdicts(findings, 'info') : pass(names.join(', '), evidence);
  },
};

function judgeLogin(name: string, facts: FactLookup, evidence: readonly Evidence[]): Verdict[] {
  const units = [...gettys.map((getty) => `${getty}@${escapeUnitName(name)}.service`), 'console-getty.service'];
  const starts = facts.get('startup', '', units).units;
  const states = units.map((unit) => starts[unit]?.state);
  if (states.includes('boot')) return [];
  const unknown = units.find((_, index) => states[index] === 'unknown');
  if (unknown !== undefined) return [inconclusive(`whether ${unknown} starts cannot be told`, evidence)];
  const getty = facts.get('unit', units[0] as string);
  const because =
    getty.loadState === 'masked'
      ? `${getty.name} is masked`
      : getty.loadState === 'not-found'
        ? `${getty.name} is not in the image`
        : `nothing starts ${getty.name}`;
  const masked = getty.loadState === 'masked' && getty.fragment ? [at(getty.fragment, 'masked by')] : [];
  return [fail(`nobody can log in at console=${name}: ${because}`, { evidence: [...evidence, ...masked] })];
}
