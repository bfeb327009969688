/** The files of two roots as changes: one for each property, what lies below a new directory told with it. */
import type {
  ContentDifference,
  TreeComparison,
  TreeDifference,
  TreeField,
} from '../../facts/two-trees/tree-difference.ts';
import type { Change, ChangeSide } from '../change.ts';
import { withoutHashes, withoutStoreHashes } from '../compare/normal-text.ts';
import type { MoreChanges } from '../compare-portraits.ts';
import { foldDirectories } from './fold-directories.ts';
import { formatUnifiedDiff } from './unified-diff.ts';
import { formatUnitChanges } from './unit-lines.ts';

/** A package that owns a file and that differs itself. */
export interface ChangedPackage {
  readonly name: string;
  readonly a?: string;
  readonly b?: string;
}

export interface FileContext {
  /** The package whose change explains the file. */
  readonly packageOf: (path: string) => ChangedPackage | undefined;
  /** Identifiers of file systems and partitions of each side, by what they identify. */
  readonly identifiers: { readonly a: ReadonlyMap<string, string>; readonly b: ReadonlyMap<string, string> };
}

/** Lines of one unified diff that are kept. */
const MAX_LINES = 200;

export function describeFiles(comparison: TreeComparison, context: FileContext): MoreChanges {
  const { differences, gaps, equal, touched } = comparison;
  const folded = foldDirectories(differences);
  const changes = folded.flatMap(({ difference, below }) =>
    describeOne(difference, below, context).map((change) => explain(change, context)),
  );
  return {
    changes: touched === 0 ? changes : [...changes, touchedChange(touched)],
    counts: [{ concern: 'files', title: 'files', equal }],
    unverified: gaps.map((gap) => ({ concern: 'files', ...gap })),
  };
}

function touchedChange(touched: number): Change {
  return {
    concern: 'files',
    name: 'times of modification',
    field: 'value',
    a: { values: [`${touched} entries`] },
    b: { values: ['others'] },
    class: 'noise',
    reason: 'every build writes its files anew',
  };
}

function describeOne(difference: TreeDifference, below: number, context: FileContext): readonly Change[] {
  const { path, state, type, from, at, fields, content } = difference;
  const base = { concern: 'files', name: path, class: 'drift' } as const;
  if (state === 'added' || state === 'removed') {
    const side = state === 'removed' ? 'a' : 'b';
    const words = [type, ...sizeWords(difference, side), ...fields.map((field) => formatField(field, side))];
    const value = below > 0 ? [...words, `with ${entries(below)}`] : words;
    return [{ ...base, [side]: { values: [value.join(', ')], ...placed(at[side]) } }];
  }
  const named: readonly TreeField[] = state === 'moved' ? [{ name: 'path', a: from ?? '', b: path }] : [];
  const moved = below > 0 ? { lines: [`with ${entries(below)}`] } : {};
  const changed = [...named, ...fields].map(
    (field): Change => ({
      ...base,
      field: field.name,
      ...sidesOf(field, at),
      ...moved,
      ...sameInStore(field),
    }),
  );
  const inside = content ? describeContent(difference, content, context) : undefined;
  const renamed = changed.find((change) => change.field === 'path' && change.class === 'drift');
  if (renamed && type === 'file') return changed.map((one) => (one === renamed ? describeRename(one, inside) : one));
  return inside ? [...changed, inside] : changed;
}

/** What has another name is told with what has become of its content. */
function describeRename(change: Change, content: Change | undefined): Change {
  if (!content) return { ...change, lines: ['the same content'] };
  const { a, b, reason, lines = [] } = content;
  const what = content.class === 'equivalent' && reason ? reason : `${a?.values.join('')} -> ${b?.values.join('')}`;
  return { ...change, lines: [`content: ${what}`, ...lines] };
}

const onlyHashes = { class: 'equivalent', reason: 'only the hashes of store paths differ' } as const;
const onlyStorePaths = { class: 'equivalent', reason: 'it names the same packages of the store' } as const;

/** A path of the store that has another hash, and a link into a package that has another version: that is told with the package. */
function sameInStore({ name, a, b }: TreeField): Partial<Change> {
  if (a === undefined || b === undefined) return {};
  if (name === 'path') return withoutHashes(a) === withoutHashes(b) ? onlyHashes : {};
  return name === 'target' && withoutStoreHashes(a) === withoutStoreHashes(b) ? onlyStorePaths : {};
}

const entries = (count: number): string => (count === 1 ? '1 entry' : `${count} entries`);

/** `to ../bin/true`, `mode 4755`. */
function formatField({ name, ...sides }: TreeField, side: 'a' | 'b'): string {
  return `${name === 'target' ? 'to' : name} ${sides[side]}`;
}

function sizeWords({ type, size }: TreeDifference, side: 'a' | 'b'): readonly string[] {
  const bytes = size?.[side];
  return type === 'file' && bytes !== undefined ? [`${bytes} bytes`] : [];
}

const placed = (at: ChangeSide['at']) => (at ? { at } : {});

function sidesOf({ a, b }: TreeField, at: TreeDifference['at']): Pick<Change, 'a' | 'b'> {
  return {
    ...(a === undefined ? {} : { a: { values: [a], ...placed(at.a) } }),
    ...(b === undefined ? {} : { b: { values: [b], ...placed(at.b) } }),
  };
}

function describeContent(difference: TreeDifference, content: ContentDifference, context: FileContext): Change {
  const { path, size, at } = difference;
  const change: Change = {
    concern: 'files',
    name: path,
    field: 'content',
    a: { values: [`${size?.a ?? 0} bytes`], ...placed(at.a) },
    b: { values: [size?.a === size?.b ? `${size?.b ?? 0} other bytes` : `${size?.b ?? 0} bytes`], ...placed(at.b) },
    class: 'drift',
  };
  switch (content.kind) {
    case 'text':
      return describeText(change, content, context);
    case 'private':
      return { ...change, lines: ['not shown: not everybody may read the file'] };
    case 'elf':
      return {
        ...change,
        lines: content.fields.map(({ name, a, b }) => `${name}: ${a ?? '(none)'} -> ${b ?? '(none)'}`),
      };
    case 'archive':
      return content.inside === 0
        ? { ...change, class: 'equivalent', reason: 'the same content, packed again' }
        : { ...change, class: 'equivalent', reason: `${content.inside} differences inside, listed by themselves` };
    case 'hashes':
      return { ...change, ...onlyHashes };
    case 'data':
      return content.offset === undefined
        ? change
        : { ...change, lines: [`the first byte that differs is at ${content.offset}`] };
  }
}

function describeText(change: Change, { a, b }: { a: string; b: string }, { identifiers }: FileContext): Change {
  if (withoutIdentifiers(a, identifiers.a) === withoutIdentifiers(b, identifiers.b))
    return { ...change, class: 'noise', reason: 'only identifiers of file systems and partitions differ' };
  if (withoutStoreHashes(a) === withoutStoreHashes(b)) return { ...change, ...onlyStorePaths };
  const lines = formatUnitChanges(change.name, a, b) ?? formatUnifiedDiff(a, b);
  if (!lines) return { ...change, lines: ['not shown: most lines differ'] };
  const more = lines.length - MAX_LINES;
  return { ...change, lines: more > 0 ? [...lines.slice(0, MAX_LINES), `... and ${more} more lines`] : lines };
}

function withoutIdentifiers(text: string, identifiers: ReadonlyMap<string, string>): string {
  let plain = text;
  for (const [identifier, name] of identifiers) plain = plain.replaceAll(identifier, `{${name}}`);
  return plain;
}

/** What another version of a package brings with it. Who may do what with a file, it leaves as it is. */
const brought: ReadonlySet<string | undefined> = new Set([undefined, 'content', 'path', 'target']);

function explain(change: Change, { packageOf }: FileContext): Change {
  const owner = change.class === 'drift' && brought.has(change.field) ? packageOf(change.name) : undefined;
  if (!owner) return change;
  const { name, a = '(none)', b = '(none)' } = owner;
  return { ...change, class: 'intended', reason: `${name} ${a} -> ${b}`, listed: `package ${name}` };
}
