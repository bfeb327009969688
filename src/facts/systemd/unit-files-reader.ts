/** The fact `unit-files`: the names of all unit files, each with its state. */
import type { FactReader } from '../fact.ts';
import { listUnitFiles } from './list-unit-files.ts';
import { shareUnits } from './unit-reader.ts';

export const unitFilesReader: FactReader<'unit-files'> = {
  id: 'unit-files',
  title: 'Every unit file with its state, as systemctl list-unit-files prints them',
  reads: [
    '/etc/systemd/system/**',
    '/usr/local/lib/systemd/system/**',
    '/usr/lib/systemd/system/**',
    '/etc/systemd/system-preset/*',
  ],
  needs: ['platform'],
  read(view, context) {
    const set = shareUnits(view, context);
    const files = listUnitFiles(set);
    const gaps = [...set.gaps, ...set.presets.gaps];
    return { value: { files }, diagnostics: gaps.map(({ cause }) => cause), gaps };
  },
};
