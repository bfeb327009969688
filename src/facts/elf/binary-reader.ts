/** The fact `binary`: what the bytes at a path are, wrappers followed to the program they run. */
import type { ByteSource } from '../../bytes/byte-source.ts';
import { damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { Location } from '../../location.ts';
import type { Found, RootView } from '../../root/root-view.ts';
import type { FactContext, FactReader, FactResult } from '../fact.ts';
import type { BinaryFact } from './binary-fact.ts';
import { readElfFact } from './elf-fact.ts';
import { openElf } from './elf-file.ts';
import { readFileKind } from './file-kind.ts';
import { readGoBuildInfo } from './go-build-info.ts';
import { findK3sVersion, type K3sVersion, k3sVersionOf } from './k3s-version.ts';
import { readWrapped } from './wrapper.ts';

/** Wrappers around wrappers that are followed. */
const MAX_WRAPPERS = 8;

export const binaryReader: FactReader<'binary'> = {
  id: 'binary',
  title: 'What a program file is: kind, architecture, linkage, Go build information, k3s version',
  reads: ['any path asked for'],
  needs: [],
  read: readBinary,
};

/** What the bytes of one file are: the same for every path that leads to it. */
type Content = Pick<BinaryFact, 'kind' | 'size' | 'elf' | 'shebang' | 'k3sVersion'>;

function readBinary(view: RootView, context: FactContext, path: string): FactResult<BinaryFact> {
  const location = view.locate(path);
  const answer = (fact: Omit<BinaryFact, 'path' | 'location'>): FactResult<BinaryFact> => ({
    value: { path, ...fact, location },
    diagnostics: [],
    gaps: [],
  });
  try {
    const wraps: string[] = [];
    let shebang: string | undefined;
    for (let at = path; ; ) {
      const found = view.find(at);
      if (!found) return answer(atMissing(view, path, wraps, shebang));
      const stat = found.fileSystem.stat(found.node);
      if (stat.type !== 'file')
        return answer({ state: 'present', kind: 'not-a-file', reason: `it is a ${stat.type}`, ...chain(wraps) });
      const source = found.fileSystem.open(found.node, view.sourceLabel(found));
      const isK3s = hasK3sName(at, found.path);
      const content = context.share(`binary/${found.fileSystem.label}#${found.node}${isK3s ? '/k3s' : ''}`, () =>
        readContent(source, placeOf(found), isK3s),
      );
      shebang ??= content.shebang;
      const next = content.kind === 'script' || content.kind === 'elf' ? readWrapped(source, content.kind) : undefined;
      const isFollowed = next !== undefined && next !== at && !wraps.includes(next) && wraps.length < MAX_WRAPPERS;
      if (!isFollowed) {
        const kept = shebang === undefined ? {} : { shebang };
        return answer({ state: 'present', ...content, ...kept, ...chain(wraps) });
      }
      wraps.push(next);
      at = next;
    }
  } catch (thrown) {
    const error = asImageError(thrown);
    const cause = { location, ...damageFrom(error) };
    return { ...answer({ state: 'unreadable', reason: error.message }), gaps: [{ cause }] };
  }
}

function chain(wraps: readonly string[]): Pick<BinaryFact, 'wraps'> {
  return wraps.length === 0 ? {} : { wraps };
}

function atMissing(
  view: RootView,
  path: string,
  wraps: readonly string[],
  shebang: string | undefined,
): Omit<BinaryFact, 'path' | 'location'> {
  const last = wraps[wraps.length - 1];
  if (last !== undefined) {
    const reason = `it runs ${last}, which is not in the image`;
    return {
      state: 'present',
      kind: shebang === undefined ? 'elf' : 'script',
      reason,
      wraps,
      ...(shebang === undefined ? {} : { shebang }),
    };
  }
  const resolution = view.resolve(path);
  return { state: 'missing', ...(resolution.state === 'missing' ? { reason: resolution.reason } : {}) };
}

function placeOf(found: Found): Location {
  return { source: found.fileSystem.label, path: found.innerPath };
}

function readContent(source: ByteSource, place: Location, isNamedK3s: boolean): Content {
  const { kind, shebang } = readFileKind(source);
  const base = { kind, size: source.size, ...(shebang === undefined ? {} : { shebang }) };
  if (kind !== 'elf') return base;
  const elf = openElf(source);
  const go = readGoBuildInfo(elf);
  const version = k3sVersionOf(go?.info) ?? (isNamedK3s ? findK3sVersion(source) : undefined);
  return {
    ...base,
    elf: readElfFact(elf, go),
    ...(version ? { k3sVersion: located(version, place, go?.offset) } : {}),
  };
}

/** Only a file that is called k3s, by this path or its own name, is searched whole for a version. */
function hasK3sName(...paths: readonly string[]): boolean {
  return paths.some((path) => path.slice(path.lastIndexOf('/') + 1).includes('k3s'));
}

function located(
  version: K3sVersion,
  place: Location,
  goOffset: number | undefined,
): NonNullable<BinaryFact['k3sVersion']> {
  const { text, from, offset = goOffset } = version;
  return { text, from, location: offset === undefined ? place : { ...place, offset } };
}
