/**
 * The order in which facts are read. A compressed disk is still being decoded when it is judged, and its package database lies at the
 * very end of it, in /var: without it no check can begin, for it tells the platform. What the checks ask of the rest is read before.
 */
import { asImageError } from '../errors.ts';
import type { FactId } from '../facts/fact.ts';
import { assertions } from './assertions/registry.ts';
import type { Contract } from './contract.ts';
import type { FactSource } from './recording-lookup.ts';
import { rules } from './rules/registry.ts';

/** Facts of an image as a whole that lie in /etc, /usr and /boot; those of units last, which look into /usr/local. */
const early: readonly FactId[] = [
  'kernel',
  'accounts',
  'sysctl',
  'boot',
  'sshd',
  'sudoers',
  'startup',
  'network',
  'firewall',
];

/** Reads the early facts that the selected checks ask for. What is wrong with one, whoever asks for it will hear. */
export async function readAhead(
  { checks }: Contract,
  facts: FactSource,
  isSelected: (id: string) => boolean = () => true,
): Promise<void> {
  const uses = checks.filter(({ id }) => isSelected(id)).flatMap((check) => check.assertions);
  const judges = uses.map(({ kind, options }) => (kind === 'rule' ? rules[String(options.name)] : assertions[kind]));
  const wanted = new Set(judges.flatMap((judge) => judge?.needs ?? []));
  const asked = early.filter((fact) => wanted.has(fact));
  await facts.prepare?.(asked);
  for (const fact of asked) {
    try {
      facts.get(fact);
    } catch (thrown) {
      asImageError(thrown);
    }
  }
}
