/**
 * The fact `sshd`: sshd_config(5). The first value of a keyword counts; Include takes shell patterns relative to /etc/ssh and is read
 * where it stands; a Match block lasts to the next Match or the end of its file.
 */
import { compareNames } from '../../bytes/names.ts';
import { damageFrom } from '../../diagnostic.ts';
import { asImageError, ImageError } from '../../errors.ts';
import { matchesGlob } from '../../root/match-glob.ts';
import type { RootView } from '../../root/root-view.ts';
import { createTable } from '../../table.ts';
import type { FactReader, FactResult, Gap } from '../fact.ts';
import type { SshdFact, SshdSetting } from './sshd-fact.ts';

const folder = '/etc/ssh';
const mainFile = `${folder}/sshd_config`;
/** servconf.h: SERVCONF_MAX_DEPTH. */
const MAX_DEPTH = 16;
/** Files read at most, repeats counted: includes that include each other multiply. */
const MAX_FILES = 256;

export const sshdReader: FactReader<'sshd'> = {
  id: 'sshd',
  title: 'effective settings of the SSH server',
  reads: ['/etc/ssh/sshd_config', '/etc/ssh/sshd_config.d/*.conf'],
  needs: [],
  read: readSshd,
};

interface Reading {
  readonly view: RootView;
  readonly settings: Record<string, SshdSetting>;
  readonly matched: SshdFact['matched'][number][];
  readonly gaps: Gap[];
  /** Files read so far. */
  files: number;
}

function readSshd(view: RootView): FactResult<SshdFact> {
  const reading: Reading = { view, settings: createTable(), matched: [], gaps: [], files: 0 };
  const isPresent = readConfig(reading, mainFile, undefined, 0);
  const { settings, matched, gaps } = reading;
  const state = isPresent ? 'present' : 'missing';
  const location = view.locate(mainFile);
  return { value: { state, location, settings, matched }, diagnostics: gaps.map(({ cause }) => cause), gaps };
}

/** `condition` is that of the Match in which the file is included. Bounded by MAX_DEPTH. */
function readConfig(reading: Reading, path: string, condition: string | undefined, depth: number): boolean {
  const { view, gaps } = reading;
  const location = view.locate(path);
  try {
    if (depth > MAX_DEPTH || ++reading.files > MAX_FILES)
      throw new ImageError('corrupt', 'sshd/include-depth', `${path} is included too deeply`);
    const text = view.readText(path);
    if (text === undefined) return false;
    let match = condition;
    for (const [index, line] of text.split('\n').entries()) {
      const { keyword, value } = parseLine(line) ?? {};
      if (keyword === undefined || value === undefined) continue;
      const setting = { value, location: { ...location, line: index + 1 } };
      if (keyword === 'match') match = value;
      else if (keyword === 'include') readIncludes(reading, value, match, depth + 1);
      else if (match !== undefined && match.toLowerCase() !== 'all')
        reading.matched.push({ ...setting, keyword, condition: match });
      else reading.settings[keyword] ??= setting;
    }
    return true;
  } catch (thrown) {
    gaps.push({ cause: { location, ...damageFrom(asImageError(thrown)) } });
    return true;
  }
}

function readIncludes(reading: Reading, patterns: string, condition: string | undefined, depth: number): void {
  for (const pattern of patterns.split(/\s+/)) {
    const path = pattern.startsWith('/') ? pattern : `${folder}/${pattern}`;
    const cut = path.lastIndexOf('/');
    const [parent, name] = [path.slice(0, cut) || '/', path.slice(cut + 1)];
    const names = (reading.view.list(parent) ?? []).map((entry) => entry.name).filter((one) => matchesGlob(name, one));
    for (const one of names.sort(compareNames)) readConfig(reading, `${parent}/${one}`, condition, depth);
  }
}

/** Keyword in small letters and its arguments; blanks or one `=` part them, quotes and comments are taken off. */
function parseLine(line: string): { readonly keyword: string; readonly value: string } | undefined {
  const [, keyword, rest = ''] = /^\s*([A-Za-z0-9]+)(?:\s*=\s*|\s+)(\S.*)$/.exec(line) ?? [];
  if (keyword === undefined) return undefined;
  const value = rest
    .replace(/\s#.*$/, '')
    .trim()
    .replace(/^"([^"]*)"$/, '$1');
  return { keyword: keyword.toLowerCase(), value };
}
