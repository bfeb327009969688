/** The fact `startup`: which units start at boot or on demand, and why. */
import type { FactReader } from '../fact.ts';
import { resolveStartup } from './startup.ts';
import { shareUnits } from './unit-reader.ts';

export const startupReader: FactReader<'startup'> = {
  id: 'startup',
  title: 'Units that start at boot or on demand, with the chain of links that proves it',
  reads: ['/etc/systemd/**', '/usr/lib/systemd/**', '/etc/fstab', '/etc/crypttab', '/etc/machine-id', '/etc/rc.local'],
  needs: ['platform'],
  read(view, context) {
    const { value, damage, gaps } = resolveStartup(shareUnits(view, context));
    return { value, diagnostics: damage, gaps };
  },
};
