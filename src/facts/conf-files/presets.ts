/**
 * systemd.preset(5): `enable|disable|ignore PATTERN [INSTANCE...]`, files in order, the first line that matches a unit decides;
 * where none does, the unit is enabled (install.c). `ignore` came with systemd 254. For `enable` of a template the words behind the pattern are its instances.
 */
import type { Location } from '../../location.ts';
import type { RootView } from '../../root/root-view.ts';
import type { Gap } from '../fact.ts';
import { type ConfFiles, confDirectories, listConfFiles, readConfTexts } from './conf-files.ts';
import { matchesGlob } from './glob.ts';
import { maxLineLength, splitLines, stripBlanks } from './lines.ts';

export interface PresetRule {
  readonly action: 'enable' | 'disable' | 'ignore';
  readonly pattern: string;
  /** Names of the instances of a template that are enabled. */
  readonly instances: readonly string[];
  readonly location: Location;
}

export interface Presets {
  /** In the order they are tried. */
  readonly rules: readonly PresetRule[];
  readonly masked: ConfFiles['masked'];
  readonly problems: readonly { readonly message: string; readonly location: Location }[];
  readonly gaps: readonly Gap[];
}

/** The system presets of an image. */
export function readPresets(view: RootView): Presets {
  const listed = listConfFiles(view, confDirectories('systemd/system-preset'), '.preset');
  const read = readConfTexts(view, listed.files);
  const parsed = read.texts.map(({ file, text }) => parsePresets(text, file.location));
  return {
    rules: parsed.flatMap(({ rules }) => rules),
    masked: listed.masked,
    problems: parsed.flatMap(({ problems }) => problems),
    gaps: [...listed.gaps, ...read.gaps],
  };
}

/** The rules of one file. */
export function parsePresets(text: string, file: Location): Pick<Presets, 'rules' | 'problems'> {
  const rules: PresetRule[] = [];
  const problems: { message: string; location: Location }[] = [];
  for (const { text: raw, number } of splitLines(text)) {
    if (raw.length >= maxLineLength) break;
    const line = stripBlanks(raw);
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue;
    const location = { ...file, line: number };
    const [action, pattern, ...instances] = line.split(/[ \t]+/);
    if (pattern !== undefined && (action === 'enable' || action === 'disable' || action === 'ignore'))
      rules.push({ action, pattern, instances: action === 'enable' ? instances : [], location });
    else problems.push({ message: `Couldn't parse line '${line}'.`, location });
  }
  return { rules, problems };
}

export interface PresetAnswer {
  readonly action: PresetRule['action'];
  /** Instances to enable, for a template. */
  readonly instances: readonly string[];
  /** Undefined if no rule matched. */
  readonly location?: Location;
}

/** What `systemctl preset UNIT` would do. An instance of a template also follows the rule that lists it. */
export function presetFor(presets: Pick<Presets, 'rules'>, unit: string): PresetAnswer {
  const at = unit.indexOf('@');
  const dot = unit.lastIndexOf('.');
  const instance = at >= 0 && dot > at ? unit.slice(at + 1, dot) : '';
  const template = instance === '' ? undefined : `${unit.slice(0, at + 1)}${unit.slice(dot)}`;
  for (const { action, pattern, instances, location } of presets.rules) {
    if (template !== undefined && instances.length > 0 && matches(pattern, template)) {
      if (instances.includes(instance)) return { action, instances: [], location };
      continue;
    }
    if (matches(pattern, unit)) return { action, instances, location };
  }
  return { action: 'enable', instances: [] };
}

function matches(pattern: string, unit: string): boolean {
  return matchesGlob(pattern, unit, { literalBackslash: true });
}
