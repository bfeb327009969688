/** Kernel modules: what is there, what boot asks for, what is blocked, and the options. Of several kernels the latest counts. */
import type { KernelFact } from '../../../facts/kernel/kernel-fact.ts';
import type { Location } from '../../../location.ts';
import { entriesOf } from '../../../table.ts';
import type { Concern } from '../concern.ts';
import type { Field, PortraitRecord } from '../portrait.ts';

export const modulesConcern: Concern = {
  id: 'modules',
  title: 'kernel modules',
  needs: ['kernel'],
  describe: (facts) => describeModules(facts.get('kernel')),
};

function describeModules({ kernels, requests, blocks, options }: KernelFact): readonly PortraitRecord[] {
  const modules = new Map<string, { [name: string]: Field }>();
  const add = (name: string, field: string, value: string, at?: Location): void => {
    const fields = modules.get(name) ?? {};
    modules.set(name, fields);
    const before = fields[field]?.values ?? [];
    if (!before.includes(value)) fields[field] = { values: [...before, value], ...(at ? { at } : {}) };
  };
  // Thousands, of one shape: made as they are.
  for (const [name, { state }] of entriesOf(kernels.at(-1)?.modules ?? {}))
    modules.set(name, { 'in the kernel': { values: [state] } });
  for (const { name, location } of requests) add(name, 'at boot', 'loaded', location);
  for (const { name, kind, location } of blocks) add(name, 'blocked', kind, location);
  for (const { name, text, location } of options) add(name, 'options', text, location);
  return [...modules].map(([key, fields]) => ({ key, fields }));
}
