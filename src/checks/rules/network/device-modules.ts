/** Kernel modules behind the software devices of the configuration: available in every installed kernel, not blocked. */
import { canonicalModuleName } from '../../../facts/kernel/module-name.ts';
import { findUnlisted, moduleState } from '../../assertions/kernel-module.ts';
import { at, fail, inconclusive, joinVerdicts, pass, skip } from '../../verdict.ts';
import type { Rule } from '../rule.ts';

/** Module and option of the kernel configuration by kind of device. */
const modules: Readonly<Record<string, readonly [string, string]>> = {
  vlan: ['8021q', 'VLAN_8021Q'],
  bond: ['bonding', 'BONDING'],
  bridge: ['bridge', 'BRIDGE'],
  vxlan: ['vxlan', 'VXLAN'],
  wireguard: ['wireguard', 'WIREGUARD'],
};

export const deviceModules: Rule<Record<string, never>> = {
  id: 'device-modules',
  title: 'The kernel has the modules that VLANs, bonds and bridges of the configuration need',
  needs: ['network', 'kernel'],
  options: {},
  evaluate: (_, facts) => {
    const { devices } = facts.get('network', '', ['interfaces']);
    const needed = Object.entries(modules).flatMap(([kind, [name, option]]) => {
      const device = devices.find((one) => one.kind === kind);
      return device ? [{ device, name: canonicalModuleName(name), option }] : [];
    });
    if (needed.length === 0) return skip('the configuration makes no VLAN, bond or bridge');
    const fact = facts.get(
      'kernel',
      '',
      needed.map(({ name }) => name),
    );
    if (fact.kernels.length === 0) return inconclusive('there is no kernel in the image');
    const parts = needed.map(({ device, name, option }) => {
      const evidence = [at(device.location, 'needed by')];
      const lacking = fact.kernels.filter((kernel) => moduleState(kernel, name, option) === 'missing');
      const releases = lacking.map(({ release }) => release).join(', ');
      if (lacking.length > 0)
        return fail(`${device.name} needs ${name}, which kernel ${releases} does not have`, {
          expected: name,
          found: 'missing',
          evidence,
        });
      for (const kernel of fact.kernels) {
        const unlisted = findUnlisted(kernel, name);
        if (unlisted) return unlisted;
      }
      const block = fact.blocks.find((one) => canonicalModuleName(one.name) === name && one.kind !== 'blacklist');
      if (!block) return pass(undefined, evidence);
      const details = {
        expected: 'loadable',
        found: 'blocked',
        evidence: [...evidence, at(block.location, 'blocked by', block.text)],
      };
      return fail(`${device.name} needs ${name}, which is blocked`, details);
    });
    return joinVerdicts(parts, 'should');
  },
};
