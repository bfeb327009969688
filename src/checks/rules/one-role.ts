/** A node is server or agent: of several units at most one is started at boot, of several packages at most one installed. */
import { isInstalled } from '../assertions/package.ts';
import type { Evidence } from '../check.ts';
import { at, fail, pass } from '../verdict.ts';
import type { Rule } from './rule.ts';

interface Options {
  readonly units: readonly string[];
  readonly packages: readonly string[];
}

export const oneRole: Rule<Options> = {
  id: 'one-role',
  title: 'At most one of several units is started at boot, and at most one of several packages is installed',
  needs: ['startup', 'packages', 'unit'],
  options: { units: 'list', packages: 'list' },
  evaluate: ({ units, packages }, facts) => {
    const startup = facts.get('startup', '', units);
    const started = units.filter((unit) => startup.units[unit]?.state === 'boot');
    const installed = facts
      .get('packages', '', packages)
      .packages.filter((one) => packages.includes(one.name) && isInstalled(one));
    const parts: string[] = [];
    const evidence: Evidence[] = [];
    if (started.length > 1) {
      parts.push(`${started.join(' and ')} are started at boot`);
      for (const unit of started) {
        const last = startup.units[unit]?.because.at(-1);
        if (last) evidence.push(at(last.location, 'pulled in by', `${last.unit} ${last.by}`));
      }
    }
    if (installed.length > 1) {
      parts.push(`${installed.map(({ name }) => name).join(' and ')} are installed`);
      evidence.push(...installed.map(({ location }) => at(location)));
    }
    if (parts.length === 0) return pass();
    return fail(`${parts.join(', and ')}: a node has one role`, { expected: 'one role', found: 'several', evidence });
  },
};
