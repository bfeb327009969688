/** The first process exists and can run: a program of the architecture, with its interpreter. */
import type { FactLookup, Verdict } from '../../check.ts';
import { at, fail, inconclusive, pass } from '../../verdict.ts';
import type { BootLink } from './link.ts';

export const init: BootLink = {
  id: 'init',
  needs: ['boot', 'file', 'binary', 'platform'],
  judge: (facts) => judgeProgram(facts.get('boot', '', ['entry']).init, facts),
};

function judgeProgram(path: string, facts: FactLookup): Verdict {
  const { state, reason, stat, location } = facts.get('file', path);
  const here = [at(location)];
  if (state === 'unreadable') return inconclusive(`${path} could not be read: ${reason}`, location);
  if (state === 'missing')
    return fail(`${path} is not there: the kernel has nothing to start`, {
      expected: 'a program',
      found: reason ?? 'missing',
      evidence: here,
    });
  if (stat && (stat.mode & 0o111) === 0) return fail(`${path} is not executable`, { evidence: here });
  const { elf, kind, shebang } = facts.get('binary', path);
  const { architecture } = facts.get('platform');
  if (elf && architecture !== undefined && elf.architecture !== architecture)
    return fail(`${path} is a program for ${elf.architecture}, the system is ${architecture}`, {
      expected: architecture,
      found: elf.architecture,
      evidence: here,
    });
  if (!elf && shebang === undefined)
    return fail(`${path} is no program (${kind ?? 'unknown content'})`, { evidence: here });
  const interpreter = elf?.interpreter ?? shebang?.trim().split(/\s+/)[0];
  if (interpreter === undefined) return pass(path, here);
  const found = facts.get('file', interpreter);
  if (found.state === 'unreadable') return inconclusive(`${interpreter} could not be read`, found.location);
  if (found.state === 'missing')
    return fail(`${path} needs ${interpreter}, which is not there`, {
      expected: interpreter,
      found: found.reason ?? 'missing',
      evidence: [...here, at(found.location, 'looks at')],
    });
  return pass(`${path}, started by ${interpreter}`, here);
}
