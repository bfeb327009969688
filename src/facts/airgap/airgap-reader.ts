/**
 * The fact `airgap`: files in `<data-dir>/agent/images`. Compressed archives are expanded, which is why this fact is made
 * while it is prepared; a run that does not ask for it pays nothing.
 */
import { codecs } from '../../bytes/codecs/registry.ts';
import { damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import { tar } from '../../filesystems/tar/tar.ts';
import type { RootView } from '../../root/root-view.ts';
import type { FactContext, FactReader, FactResult, Gap } from '../fact.ts';
import type { AirgapFact, AirgapFile } from './airgap-fact.ts';
import { readImageArchive } from './image-archive.ts';

export const airgapReader: FactReader<'airgap'> = {
  id: 'airgap',
  title: 'Container images that k3s loads from its data directory',
  reads: ['<data-dir>/agent/images/*'],
  needs: ['k3s'],
  prepare: async (view, context) => {
    const result = await readAirgap(view, context);
    context.share<FactResult<AirgapFact> | undefined>('airgap/files', () => result);
  },
  read: (_view, context) => {
    const result = context.share<FactResult<AirgapFact> | undefined>('airgap/files', () => undefined);
    if (!result) throw new Error('the fact airgap was read before it was prepared');
    return result;
  },
};

/** Names k3s takes; it passes over all others. */
const archiveName = /\.(?:tar|tar\.(?:gz|zst|lz4|bz2)|tgz|tzst|tbz)$/;

async function readAirgap(view: RootView, context: FactContext): Promise<FactResult<AirgapFact>> {
  const path = `${context.get('k3s').value.dataDir}/agent/images`;
  const location = view.locate(path);
  const gaps: Gap[] = [];
  const files: AirgapFile[] = [];
  let isPresent = false;
  try {
    const entries = view.list(path);
    isPresent = entries !== undefined;
    for (const { name } of entries ?? []) files.push(await readAirgapFile(view, path, name, gaps));
  } catch (thrown) {
    gaps.push({ cause: { location, ...damageFrom(asImageError(thrown)) } });
  }
  const value = { directory: { path, isPresent, location }, files };
  return { value, diagnostics: gaps.map(({ cause }) => cause), gaps };
}

async function readAirgapFile(view: RootView, directory: string, name: string, gaps: Gap[]): Promise<AirgapFile> {
  const path = `${directory}/${name}`;
  const base = { name, location: view.locate(path), images: [] };
  if (name.endsWith('.txt')) return { ...base, kind: 'list' };
  if (!archiveName.test(name)) return { ...base, kind: 'other' };
  const found = view.resolve(path);
  if (found.state === 'missing') return { ...base, kind: 'archive', problem: 'the link leads nowhere' };
  try {
    return { ...base, kind: 'archive', images: await readArchive(view, path) };
  } catch (thrown) {
    const error = asImageError(thrown);
    const isDamaged = error.kind === 'corrupt' || error.kind === 'truncated';
    if (isDamaged) return { ...base, kind: 'archive', problem: error.message };
    gaps.push({ cause: { location: base.location, ...damageFrom(error) } });
    return { ...base, kind: 'archive' };
  }
}

async function readArchive(view: RootView, path: string): Promise<AirgapFile['images']> {
  const { limits } = view;
  const stored = view.open(path);
  const codec = codecs.find((one) => one.detect(stored));
  const source = codec ? await codec.open(stored, { limits }) : stored;
  try {
    const archive = await tar.open(source, { limits });
    try {
      return readImageArchive(archive, limits);
    } finally {
      archive.close();
    }
  } finally {
    if (source !== stored) source.close();
  }
}
