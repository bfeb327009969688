/**
 * On NixOS a package is there for k3s if its command is where k3s looks for it: among the commands of the system, on the PATH
 * of the service, or on the PATH that the wrapper around k3s sets.
 */
import type { FactLookup } from '../../check.ts';
import { at, fail, inconclusive, pass } from '../../verdict.ts';
import type { Rule } from '../rule.ts';

interface Options {
  /** Each must be found. */
  readonly commands: readonly string[];
  /** Directory of the system's commands. */
  readonly bin: string;
  /** The k3s program, which may be a wrapper. */
  readonly program: string;
}

interface Place {
  readonly directory: string;
  readonly says: string;
}

/** Directories of one PATH that are searched. */
const MAX_PLACES = 256;
const storeBin = /\/nix\/store\/[0-9a-df-np-sv-z]{32}-[A-Za-z0-9+\-._?=]{1,211}\/s?bin(?![A-Za-z0-9+\-._?=/])/g;

export const programOnPath: Rule<Options> = {
  id: 'program-on-path',
  title: 'A command is on the PATH of the system, of the k3s service or of the wrapper around k3s',
  needs: ['file', 'k3s', 'text'],
  options: { commands: 'list', bin: 'text', program: 'text' },
  evaluate: ({ commands, bin, program }, facts) => {
    const places = [{ directory: bin, says: '' }, ...placesOf(facts, program)];
    const evidence = [];
    const notes = new Set<string>();
    for (const command of commands) {
      const seen = places.map(({ directory, says }) => ({ says, file: facts.get('file', `${directory}/${command}`) }));
      const found = seen.find(({ file }) => file.state === 'present');
      if (!found) {
        const unread = seen.find(({ file }) => file.state === 'unreadable')?.file;
        if (unread) return inconclusive(`${unread.path} could not be read`, unread.location);
        return fail(`${command} is on no PATH that k3s has`, {
          expected: `in ${bin}, or on the PATH of the service or of the wrapper`,
          found: 'missing',
          evidence: seen.slice(0, 1).map(({ file }) => at(file.location, 'missing')),
        });
      }
      evidence.push(at(found.file.location));
      if (found.says !== '') notes.add(`${command} is on the PATH of ${found.says} only`);
    }
    return pass(notes.size > 0 ? [...notes].join('; ') : undefined, evidence);
  },
};

function placesOf(facts: FactLookup, program: string): readonly Place[] {
  const { environment } = facts.get('k3s', '', ['arguments']);
  const service = (environment.PATH?.value ?? '').split(':').filter((directory) => directory.startsWith('/'));
  const wrapper = facts.get('text', program).text ?? '';
  const wrapped = [...new Set(wrapper.match(storeBin) ?? [])];
  return [
    ...service.slice(0, MAX_PLACES).map((directory) => ({ directory, says: 'the service' })),
    ...wrapped.slice(0, MAX_PLACES).map((directory) => ({ directory, says: 'the wrapper around k3s' })),
  ];
}
