/** Preset files: what `systemctl preset` and the first boot do with a unit. systemd.preset(5), install.c. */
import type { Location } from '../../location.ts';
import type { RootView } from '../../root/root-view.ts';
import { listConfFiles, readConfTexts } from '../conf-files/conf-files.ts';
import { matchesGlob } from '../conf-files/glob.ts';
import { splitLines, stripBlanks } from '../conf-files/lines.ts';
import type { Gap } from '../fact.ts';
import type { SystemdVersion } from './systemd-version.ts';
import { parseUnitName, templateOf } from './unit-name.ts';

export type PresetAction = 'enable' | 'disable' | 'ignore';

export interface PresetRule {
  readonly action: PresetAction;
  readonly pattern: string;
  /** Instances that `enable` of a template makes. */
  readonly instances: readonly string[];
  readonly location: Location;
}

export interface PresetDecision {
  readonly action: PresetAction;
  readonly instances: readonly string[];
  /** Absent if no line matches, which enables. */
  readonly location?: Location;
}

const directories = ['/etc', '/run', '/usr/local/lib', '/usr/lib', '/lib'].map(
  (prefix) => `${prefix}/systemd/system-preset`,
);

export class Presets {
  readonly rules: readonly PresetRule[];
  readonly gaps: readonly Gap[];

  constructor(view: RootView, version: SystemdVersion) {
    const { files, gaps } = listConfFiles(view, directories, '.preset');
    const read = readConfTexts(view, files);
    this.rules = read.texts.flatMap(({ file, text }) =>
      splitLines(text).flatMap(({ text: line, number }) => {
        const rule = parsePresetLine(stripBlanks(line), version);
        return rule ? [{ ...rule, location: { ...file.location, line: number } }] : [];
      }),
    );
    this.gaps = [...gaps, ...read.gaps];
  }

  /** The first rule that matches decides; without one the unit is enabled. */
  decide(name: string): PresetDecision {
    const parsed = parseUnitName(name);
    const template = parsed?.form === 'instance' ? templateOf(parsed) : undefined;
    for (const { action, pattern, instances, location } of this.rules) {
      if (matchesGlob(pattern, name)) return { action, instances, location };
      if (template === undefined || !matchesGlob(pattern, template) || instances.length === 0) continue;
      if (instances.includes(parsed?.instance ?? '')) return { action, instances: [], location };
    }
    return { action: 'enable', instances: [] };
  }
}

function parsePresetLine(line: string, version: SystemdVersion): Omit<PresetRule, 'location'> | undefined {
  if (line === '' || line.startsWith('#') || line.startsWith(';')) return undefined;
  const [word = '', pattern = '', ...instances] = line.split(/[ \t]+/);
  const known = word === 'enable' || word === 'disable' || (word === 'ignore' && version.atLeast(253));
  if (!known || pattern === '') return undefined;
  return { action: word as PresetAction, pattern, instances: word === 'enable' ? instances : [] };
}
