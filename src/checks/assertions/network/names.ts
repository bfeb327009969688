/** Whether the hardware below an interface will have the names that its files use. */
import { findHardware } from '../../../facts/network/interface-graph.ts';
import { matchInterface } from '../../../facts/network/match-interface.ts';
import type { NetworkFact } from '../../../facts/network/network-fact.ts';
import type { Evidence, Verdict } from '../../check.ts';
import { at, fail, joinVerdicts, pass, skip, undecidable } from '../../verdict.ts';

/** Judges each piece of hardware the interface stands on. */
export function judgeNames(name: string, fact: NetworkFact): Verdict {
  const hardware = findHardware(fact, name);
  if (hardware.length === 0) return skip(`${name} stands on no hardware`);
  return joinVerdicts(
    hardware.map((one) => judgeName(one, fact)),
    'must',
  );
}

/** Names as the kernel counts them up. */
const kernelName = /^eth[0-9]+$/;
/** Names by bus, slot or address, which udev gives. */
const predictableName = /^(?:en|wl|ww)[obpsxva0-9]/;

function judgeName(name: string, { naming }: NetworkFact): Verdict {
  const assigned = naming.assigned.find((one) => one.name === name);
  if (assigned) return pass(`${name} is named by a ${assigned.by}`, [at(assigned.location, 'set by')]);
  const other = naming.assigned.find((one) => matchInterface(one.match, { name }) === 'yes');
  if (other) {
    const evidence = [at(other.location, 'set by')];
    return fail(`${name} is renamed to ${other.name}`, { expected: name, found: other.name, evidence });
  }
  const evidence: Evidence[] = naming.location ? [at(naming.location, 'decided by')] : [];
  if (naming.kernelNames === 'unknown')
    return kernelName.test(name) ? undecidable(`whether ${name} keeps its name: ${naming.because}`) : pass();
  if (kernelName.test(name) && naming.kernelNames === 'replaced') {
    return fail(`no interface will be called ${name}: ${naming.because}`, {
      expected: 'net.ifnames=0, or a .link file or udev rule that names it',
      found: naming.because,
      evidence,
    });
  }
  if (predictableName.test(name) && naming.kernelNames === 'kept') {
    return fail(`no interface will be called ${name}: ${naming.because}`, {
      expected: 'predictable names',
      found: naming.because,
      evidence,
    });
  }
  return pass(undefined, evidence);
}
