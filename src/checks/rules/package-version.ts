/** The version a package claims is the version of the program in it, and a program is not packaged as architecture all. */
import { isInstalled } from '../assertions/package.ts';
import type { Verdict } from '../check.ts';
import { at, fail, inconclusive, joinVerdicts, pass, skip } from '../verdict.ts';
import type { Rule } from './rule.ts';

interface Options {
  readonly program: string;
  readonly packages: readonly string[];
}

export const packageVersion: Rule<Options> = {
  id: 'package-version',
  title: 'A package and the program in it agree on the version, and the package names an architecture',
  needs: ['packages', 'binary'],
  options: { program: 'text', packages: 'list' },
  evaluate: ({ program, packages }, facts) => {
    const fact = facts.get('packages', '', packages);
    const owners = fact.packages.filter((one) => packages.includes(one.name) && isInstalled(one));
    const binary = facts.get('binary', program);
    if (binary.state === 'unreadable') return inconclusive(`${program} could not be read`, binary.location);
    if (owners.length === 0) return skip(`none of ${packages.join(', ')} is installed`);
    if (!binary.elf) return skip(`${program} is no program`);
    const embedded = binary.k3sVersion?.text;
    const parts = owners.flatMap(({ name, version, architecture, location }): Verdict[] => {
      const verdicts = [pass()];
      if (embedded !== undefined && releaseOf(embedded) !== releaseOf(version)) {
        const evidence = [at(location), ...(binary.k3sVersion ? [at(binary.k3sVersion.location)] : [])];
        verdicts.push(fail(`package ${name} is ${version}, but ${program} is ${embedded}`, { evidence }));
      }
      if (architecture === 'all') {
        const message = `package ${name} is of architecture all, but ${program} runs on ${binary.elf?.architecture} only`;
        verdicts.push(
          fail(message, { expected: binary.elf?.architecture ?? '', found: 'all', evidence: [at(location)] }),
        );
      }
      return verdicts;
    });
    return joinVerdicts(parts, 'should');
  },
};

/** `1.35.0` of `v1.35.0+k3s3` and of `1:1.35.0+k3s3-1`. */
function releaseOf(version: string): string {
  return /(?:^|:|^v)([0-9]+(?:\.[0-9]+){1,2})/.exec(version)?.[1] ?? version;
}
