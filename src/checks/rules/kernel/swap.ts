/**
 * Nothing turns swap on at boot: a line of fstab, a swap partition that systemd-gpt-auto-generator(8) finds by its type, compressed
 * memory (zram-generator.conf(5), zramswap, dphys-swapfile). A service that turns it off again makes up for all of them.
 */
import type { BootFact } from '../../../facts/boot/boot-fact.ts';
import type { UnitStart } from '../../../facts/systemd/unit-fact.ts';
import type { Evidence, FactLookup } from '../../check.ts';
import { at, fail, inconclusive, pass } from '../../verdict.ts';
import type { Rule } from '../rule.ts';

/** GPT type of a swap partition, and the attribute that keeps it from being used by itself (UAPI.2). */
const swapType = '0657fd6d-a4ab-43c4-84e5-0933c84b4f4f';
const NO_AUTO = 1n << 63n;
const zramFiles = ['/etc/systemd/zram-generator.conf', '/usr/lib/systemd/zram-generator.conf'];
const zramGenerator = '/usr/lib/systemd/system-generators/zram-generator';
const swapServices = ['zramswap.service', 'dphys-swapfile.service'];
/** Services that images ship to turn swap off. */
const swapOff = ['disable-swap.service', 'swapoff.service'];

interface Swap {
  readonly what: string;
  readonly evidence: Evidence;
}

export const swap: Rule<object> = {
  id: 'no-swap',
  title: 'No swap is turned on at boot',
  needs: ['boot', 'startup', 'text', 'file'],
  options: {},
  evaluate: (_options, facts) => {
    const boot = facts.get('boot', '', ['fstab', 'entry']);
    const zram = readZram(facts);
    if (zram === 'unreadable') return inconclusive('the configuration of zram could not be read');
    const found = [...fromFstab(boot), ...fromPartitions(boot), ...zram, ...fromServices(facts)];
    if (found.length === 0) {
      const doubtful = swapServices.find((unit) => startOf(facts, unit)?.state === 'unknown');
      return doubtful ? inconclusive(`whether ${doubtful} is started cannot be told from the image`) : pass();
    }
    const off = swapOff.find((unit) => starts(facts, unit));
    if (off !== undefined) return pass(`${off} turns off what ${found.map(({ what }) => what).join(', ')} turned on`);
    return fail(`swap is turned on at boot: ${found.map(({ what }) => what).join(', ')}`, {
      expected: 'no swap',
      found: found.map(({ what }) => what).join(', '),
      evidence: found.map(({ evidence }) => evidence),
    });
  },
};

function fromFstab({ fstab }: BootFact): Swap[] {
  return fstab
    .filter(({ type, options }) => type === 'swap' && !options.includes('noauto'))
    .map(({ device, location }) => ({ what: `fstab with ${device.text}`, evidence: at(location, 'set by') }));
}

function fromPartitions({ devices, entry }: BootFact): Swap[] {
  const line = entry?.commandLine?.text ?? '';
  if (/(?:^|\s)systemd\.(?:gpt_auto|swap)=(?:0|no|false|off)(?:\s|$)/.test(line)) return [];
  return devices
    .filter(
      ({ partition, content }) => content === 'swap' && partition?.type === swapType && !isKept(partition.attributes),
    )
    .map(({ title, location }) => ({ what: `the swap partition ${title}`, evidence: at(location) }));
}

function isKept(attributes: string): boolean {
  return /^(?:0x)?[0-9a-f]+$/i.test(attributes) && (BigInt(`0x${attributes.replace(/^0x/i, '')}`) & NO_AUTO) !== 0n;
}

/** The file in /etc replaces that of the distribution; each section is a device. */
function readZram(facts: FactLookup): Swap[] | 'unreadable' {
  if (facts.get('file', zramGenerator).state === 'missing') return [];
  for (const path of zramFiles) {
    const { state, text = '', location } = facts.get('text', path);
    if (state === 'unreadable') return 'unreadable';
    if (state === 'missing') continue;
    const lines = text.split('\n');
    const index = lines.findIndex((line) => /^\s*\[zram\d+\]/.test(line));
    if (index < 0) return [];
    return [{ what: 'compressed memory (zram)', evidence: at({ ...location, line: index + 1 }, 'set by') }];
  }
  return [];
}

function fromServices(facts: FactLookup): Swap[] {
  return swapServices.flatMap((unit) => {
    const step = startOf(facts, unit)?.because.at(-1);
    return step && starts(facts, unit) ? [{ what: unit, evidence: at(step.location, 'started by') }] : [];
  });
}

function starts(facts: FactLookup, unit: string): boolean {
  const start = startOf(facts, unit);
  return start?.state === 'boot' && start.skippedBecause === undefined;
}

function startOf(facts: FactLookup, unit: string): UnitStart | undefined {
  return facts.get('startup', '', [unit]).units[unit];
}
