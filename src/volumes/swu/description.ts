/** What sw-description (doc/source/sw-description.rst of SWUpdate; libconfig or JSON) says about the files of the image. */
import type { Braced, BracedGroup } from '../braced-text.ts';

export interface DescribedFile {
  readonly filename: string;
  /** The list it stands in: `images`, `files`, `scripts`, `bootenv`, ... */
  readonly section: string;
  /** Lower-case hex. */
  readonly sha256?: string;
  readonly isEncrypted: boolean;
}

/** Every group anywhere in the description that has a `filename`: hardware and slots may nest them to any depth. */
export function findDescribedFiles(description: BracedGroup): DescribedFile[] {
  const found: DescribedFile[] = [];
  const open: { readonly value: Braced; readonly section: string }[] = [{ value: description, section: '' }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, section } = next;
    if (typeof value === 'string') continue;
    if (!isGroup(value)) {
      // Pushed from the last to the first, so that they come out in their order.
      for (const each of [...value].reverse()) open.push({ value: each, section });
      continue;
    }
    const filename = value.get('filename');
    if (typeof filename === 'string') found.push(describe(value, filename, section));
    for (const [name, each] of [...value].reverse()) open.push({ value: each, section: name });
  }
  return found;
}

function describe(group: BracedGroup, filename: string, section: string): DescribedFile {
  const sha256 = group.get('sha256');
  const encrypted = group.get('encrypted');
  const isEncrypted = typeof encrypted === 'string' && encrypted.toLowerCase() !== 'false';
  const file = { filename, section, isEncrypted };
  return typeof sha256 === 'string' ? { ...file, sha256: sha256.toLowerCase() } : file;
}

function isGroup(value: Braced): value is BracedGroup {
  return value instanceof Map;
}
