/**
 * Whether a kernel parameter exists when systemd-sysctl sets it: its module must be in by then, as a part of the kernel or
 * loaded by systemd-modules-load, which runs before (systemd-sysctl.service, After=). What is not asked for may still be there
 * by the initrd or as a dependency of another module: modules.dep is not followed for that, the answer stays open.
 */
import type { Location } from '../../location.ts';
import type { KernelFact } from '../kernel/kernel-fact.ts';

export interface KeyExistence {
  readonly module: string;
  readonly exists: 'yes' | 'no' | 'unknown';
  /** A few words: `built in`, `loaded before` ... */
  readonly because: string;
  /** The line that asks for the module or stops it. */
  readonly location?: Location;
}

/** Of a key that `module` (canonical) brings into being. Every kernel of the image must have it. */
export function findKeyExistence(module: string, { kernels, requests, blocks }: KernelFact): KeyExistence {
  const answer = (exists: KeyExistence['exists'], because: string, location?: Location): KeyExistence => ({
    module,
    exists,
    because,
    ...(location ? { location } : {}),
  });
  if (kernels.length === 0) return answer('unknown', 'there is no kernel in the image');
  const found = kernels.map(({ modules }) => modules[module]);
  if (found.every((each) => each?.state === 'builtin')) return answer('yes', 'built in', found[0]?.location);
  if (found.some((each) => each === undefined)) return answer('no', 'a kernel of the image has no such module');
  const unlisted = found.find((each) => each?.unlisted)?.unlisted;
  if (unlisted) return answer('no', unlisted.reason, unlisted.index);
  const own = blocks.filter(({ name }) => name === module);
  const hard = own.find(({ kind }) => kind !== 'blacklist');
  if (hard) return answer('no', `stopped by ${hard.text}`, hard.location);
  if (own[0]) return answer('unknown', `stopped by ${own[0].text}`, own[0].location);
  const request = requests.find(({ name }) => name === module);
  return request ? answer('yes', 'loaded before', request.location) : answer('unknown', 'nothing asks for it before');
}
