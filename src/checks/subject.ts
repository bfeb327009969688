/** What the image is, in the words of a report's head. */
import type { FactSource } from './evaluate.ts';

const families: Readonly<Record<string, string>> = { isar: ' (Isar)', debian: '', nixos: '', unknown: '' };

/** `Debian GNU/Linux 13 (trixie) (Isar)`, `amd64`, `kernel 6.12.107`, `systemd 257`, as far as the facts know. */
export async function describeSystem(facts: FactSource): Promise<readonly string[]> {
  await facts.prepare?.(['platform', 'kernel', 'packages']);
  const { platform, name, architecture } = facts.get('platform').value;
  const kernels = facts.get('kernel').value.kernels.map(({ release }) => `kernel ${release}`);
  const systemd = facts.get('packages').value.packages.find((one) => one.name === 'systemd');
  return [
    `${name}${families[platform] ?? ''}`,
    ...(architecture === undefined ? [] : [architecture]),
    ...kernels,
    ...(systemd ? [`systemd ${systemd.version}`] : []),
  ];
}
