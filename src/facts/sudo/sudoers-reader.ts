/**
 * The fact `sudoers`: sudoers(5), as far as it gives rights: user specifications with their tags, includes. Aliases are not resolved; Defaults are
 * not read. In an included directory names that end in `~` or have a dot are passed over.
 */
import { damageFrom } from '../../diagnostic.ts';
import { asImageError, ImageError } from '../../errors.ts';
import type { RootView } from '../../root/root-view.ts';
import type { FactReader, FactResult, Gap } from '../fact.ts';
import type { SudoersFact, SudoersRule } from './sudoers-fact.ts';

const mainFile = '/etc/sudoers';
/** sudoers(5): at most 128 nested includes. */
const MAX_FILES = 1000;

export const sudoersReader: FactReader<'sudoers'> = {
  id: 'sudoers',
  title: 'who may become whom by sudo, and without a password',
  reads: ['/etc/sudoers', '/etc/sudoers.d/*'],
  needs: [],
  read: readSudoers,
};

function readSudoers(view: RootView): FactResult<SudoersFact> {
  const gaps: Gap[] = [];
  const files: SudoersFact['files'][number][] = [];
  const ignored: SudoersFact['ignored'][number][] = [];
  const rules: SudoersRule[] = [];
  const todo = [mainFile];
  for (let path = todo.shift(); path !== undefined; path = todo.shift()) {
    const location = view.locate(path);
    try {
      if (files.some((one) => one.path === path)) continue;
      if (files.length >= MAX_FILES)
        throw new ImageError('corrupt', 'sudoers/includes', 'sudoers includes too many files');
      const text = view.readText(path);
      if (text === undefined) continue;
      files.push({ path, location });
      for (const { line, number } of joinLines(text)) {
        const at = { ...location, line: number };
        const include = parseInclude(line, path);
        if (include?.isFolder === false) todo.push(include.path);
        else if (include) {
          const listed = listFolder(view, include.path);
          todo.push(...listed.read);
          ignored.push(...listed.ignored.map((one) => ({ path: one, location: view.locate(one) })));
        } else {
          const rule = parseRule(line);
          if (rule) rules.push({ ...rule, location: at });
        }
      }
    } catch (thrown) {
      gaps.push({ cause: { location, ...damageFrom(asImageError(thrown)) } });
    }
  }
  const state = files.length > 0 || gaps.length > 0 ? 'present' : 'missing';
  return { value: { state, files, ignored, rules }, diagnostics: gaps.map(({ cause }) => cause), gaps };
}

/** Lines with their number, those that end in a backslash joined with the next. */
function joinLines(text: string): readonly { readonly line: string; readonly number: number }[] {
  const joined: { line: string; number: number }[] = [];
  let open: { line: string; number: number } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    const isContinued = line.endsWith('\\');
    const part = isContinued ? line.slice(0, -1) : line;
    if (open) open.line += part;
    else open = { line: part, number: index + 1 };
    if (isContinued) continue;
    joined.push(open);
    open = undefined;
  }
  return open ? [...joined, open] : joined;
}

/** `@include`, `@includedir` and their old spelling with `#`; relative to the directory of the file. */
function parseInclude(line: string, from: string): { readonly path: string; readonly isFolder: boolean } | undefined {
  const [, folder, quoted, plain] = /^\s*[@#]include(dir)?\s+(?:"([^"]+)"|(\S+))/.exec(line) ?? [];
  const name = quoted ?? plain;
  if (name === undefined) return undefined;
  const path = name.startsWith('/') ? name : `${from.slice(0, from.lastIndexOf('/'))}/${name}`;
  return { path, isFolder: folder !== undefined };
}

function listFolder(view: RootView, path: string): { read: readonly string[]; ignored: readonly string[] } {
  const names = (view.list(path) ?? []).filter(({ type }) => type !== 'directory').map(({ name }) => name);
  const isIgnored = (name: string): boolean => name.includes('.') || name.endsWith('~');
  const pathOf = (name: string): string => `${path.replace(/\/$/, '')}/${name}`;
  return {
    read: names.filter((name) => !isIgnored(name)).map(pathOf),
    ignored: names.filter(isIgnored).map(pathOf),
  };
}

/** A user specification `who hosts = (runas) TAGS: commands`; undefined for anything else. */
function parseRule(line: string): Omit<SudoersRule, 'location'> | undefined {
  const text = line.replace(/(?:^|\s)#(?![0-9]).*$/, '').trim();
  if (text === '' || /^(?:Defaults|(?:User|Runas|Host|Cmnd|Cmd)_Alias)\b/.test(text)) return undefined;
  const [, who, commands] = /^(\S+)\s[^=]*=(.*)$/.exec(text) ?? [];
  if (who === undefined || commands === undefined) return undefined;
  const last = commands.replace(/^.*\)/, '').split(/[:,]/);
  return {
    who,
    text: text.replace(/\s+/g, ' '),
    isPasswordless: /\bNOPASSWD\s*:/.test(commands),
    isForAll: last.some((word) => word.trim() === 'ALL'),
  };
}
