/** Whether an interface can exist: hardware that some file configures, VLANs on a parent, bonds and bridges with members. */
import {
  findCycle,
  findDevice,
  findMembers,
  findParent,
  findSetup,
  managerState,
} from '../../../facts/network/interface-graph.ts';
import type { NetworkDevice, NetworkFact } from '../../../facts/network/network-fact.ts';
import type { Evidence, Verdict } from '../../check.ts';
import { at, fail, pass, undecidable } from '../../verdict.ts';
import { unreadManager } from './unread-manager.ts';

/** Follows the interface down to hardware; the first thing that is missing is the failure. */
export function judgeExistence(name: string, fact: NetworkFact): Verdict {
  const cycle = findCycle(fact, name);
  if (cycle) {
    const evidence = [at(cycle.location)];
    return fail(`${name} cannot exist: the parents of ${cycle.name} lead back to itself`, { evidence });
  }
  const evidence: Evidence[] = [];
  const seen = new Set<string>();
  const queue = [name];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const device = findDevice(fact, next);
    const problem = device ? deviceProblem(device, fact, evidence) : hardwareProblem(next, fact, evidence);
    if (problem) return problem;
    if (device) queue.push(...standsOn(device, fact));
  }
  return pass(undefined, evidence);
}

function standsOn(device: NetworkDevice, fact: NetworkFact): readonly string[] {
  if (device.kind !== 'vlan') return findMembers(fact, device).map(({ value }) => value);
  const parent = findParent(fact, device);
  return parent ? [parent.value] : [];
}

/** Names the kernel and udev give to hardware. */
const hardwareName = /^(?:eth[0-9]|en[a-z0-9]|wl[a-z0-9]|ww[a-z0-9]|ib[a-z0-9]|usb[0-9]|lan[0-9]|end[0-9])[^.]*$/;

function hardwareProblem(name: string, fact: NetworkFact, evidence: Evidence[]): Verdict | undefined {
  if (!hardwareName.test(name)) {
    const mention = fact.setups
      .flatMap(({ vlans, bond, bridge }) => [...vlans, bond, bridge])
      .find((one) => one?.value === name);
    return (
      unreadManager(fact) ??
      fail(`no file defines ${name}`, {
        expected: `a device ${name}`,
        found: 'none',
        evidence: mention ? [at(mention.location, 'named by')] : [],
      })
    );
  }
  const { setup, perhaps } = findSetup(fact, name);
  if (setup) evidence.push(at(setup.location, 'configured by'));
  else if (perhaps.length > 0) return undecidable(`whether a file is for ${name} depends on the hardware it is`);
  else return unreadManager(fact) ?? unconfigured(name, fact);
  return undefined;
}

/** A file for it that nobody reads is the likeliest reason, and another remedy. */
function unconfigured(name: string, fact: NetworkFact): Verdict {
  const idle = fact.managers.find((one) => one.state === 'not started' && findSetup(fact, name, one.manager).setup);
  const setup = idle && findSetup(fact, name, idle.manager).setup;
  if (!idle || !setup)
    return fail(`no file that is used at boot configures ${name}`, { expected: name, found: 'none' });
  return fail(`nothing configures ${name}: its file is for ${idle.unit}, which does not start`, {
    expected: `${idle.unit} started at boot`,
    found: 'not started',
    evidence: [at(setup.location, 'not read')],
    remedy: `enable or unmask ${idle.unit}, or whatever it starts with (check-image systemctl IMAGE is-enabled --why ${idle.unit})`,
  });
}

function deviceProblem(device: NetworkDevice, fact: NetworkFact, evidence: Evidence[]): Verdict | undefined {
  const place = [at(device.location)];
  if (managerState(fact, device.manager) === 'not started')
    return fail(`${device.name} is not made: ${device.manager} does not start`, { evidence: place });
  evidence.push(at(device.location, 'defined by'));
  if (device.kind === 'vlan') {
    const id = device.vlanId;
    if (!id || !/^[0-9]{1,4}$/.test(id.value) || Number(id.value) > 4094) {
      const details = { expected: '1 to 4094', found: id?.value ?? 'none', evidence: id ? [at(id.location)] : place };
      return fail(`${device.name} has no usable VLAN id`, details);
    }
    const parent = findParent(fact, device);
    if (parent) evidence.push(at(parent.location, 'stacked by'));
    else
      return fail(`${device.name} is stacked on nothing: no VLAN= names it`, {
        expected: `VLAN=${device.name}`,
        found: 'none',
        evidence: place,
      });
  }
  const needsMembers = device.kind === 'bond';
  if (needsMembers && findMembers(fact, device).length === 0)
    return fail(`${device.name} has no members: no Bond= names it`, {
      expected: `Bond=${device.name}`,
      found: 'none',
      evidence: place,
    });
  return undefined;
}
