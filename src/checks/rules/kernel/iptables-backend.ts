/** The iptables command that the alternatives choose has its backend in the kernel: nf_tables, or the legacy tables. */
import { findUnlisted, moduleState } from '../../assertions/kernel-module.ts';
import { at, fail, inconclusive, pass, skip } from '../../verdict.ts';
import type { Rule } from '../rule.ts';

interface Options {
  readonly program: string;
}

/** Modules by the program that all names of a backend lead to. */
const backends: readonly { readonly pattern: RegExp; readonly name: string; readonly modules: readonly string[] }[] = [
  { pattern: /nft-multi$/, name: 'nf_tables', modules: ['nf_tables', 'nft_compat'] },
  { pattern: /legacy-multi$/, name: 'legacy', modules: ['ip_tables'] },
];

export const iptablesBackend: Rule<Options> = {
  id: 'iptables-backend',
  title: 'The backend of the chosen iptables command is in every installed kernel',
  needs: ['file', 'kernel'],
  options: { program: 'text' },
  evaluate: ({ program }, facts) => {
    const { state, resolved, location } = facts.get('file', program);
    if (state !== 'present') return skip(`${program} is not in the image`);
    const backend = backends.find(({ pattern }) => pattern.test(resolved));
    if (!backend) return skip(`${resolved} is no backend of iptables that is known here`);
    const { kernels } = facts.get('kernel', '', backend.modules);
    if (kernels.length === 0) return inconclusive('there is no kernel in the image');
    const evidence = [at(location, 'leads to', resolved)];
    for (const kernel of kernels) {
      const missing = backend.modules.filter((name) => moduleState(kernel, name) === 'missing');
      if (missing.length > 0)
        return fail(`${program} uses ${backend.name}, but kernel ${kernel.release} has no ${missing.join(', ')}`, {
          expected: backend.modules.join(', '),
          found: `without ${missing.join(', ')}`,
          evidence,
        });
      for (const name of backend.modules) {
        const unlisted = findUnlisted(kernel, name);
        if (unlisted) return unlisted;
      }
    }
    return pass(undefined, evidence);
  },
};
