/**
 * The version of k3s in its own binary: what the linker was told (`-X .../pkg/version.Version=`), the module's version, else the first
 * `v1.32.5+k3s1` among its bytes. Upstream's file is a wrapper around a compressed payload: the string is in the wrapper.
 */
import type { ByteSource } from '../../bytes/byte-source.ts';
import type { ElfFact } from './binary-fact.ts';

export interface K3sVersion {
  readonly text: string;
  readonly from: 'ldflags' | 'module' | 'string';
  /** Of the string in the file; absent for what the build information says. */
  readonly offset?: number;
}

const MARK = '+k3s';
/** Bytes before and after the mark that can belong to a version. */
const BEFORE = 32;
const AFTER = 8;
const STEP = 4 << 20;
/** Bytes searched at most; real binaries have some 70 MB. */
const MAX_SEARCH = 512 << 20;

const linked = /pkg\/version\.Version=([^\s"']+)/;
const modulePath = /(?:^|\/)(?:k3s-io|rancher)\/k3s(?:$|\/)/;
const ending = /v[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}(?:-[0-9A-Za-z.]{1,12})?$/;
const beginning = /^\+k3s[0-9]{1,4}/;
const partOfWord = /[0-9A-Za-z.+-]/;

/** What the Go build information says of the k3s version. */
export function k3sVersionOf(go: ElfFact['go']): K3sVersion | undefined {
  const text = linked.exec(go?.settings['-ldflags'] ?? '')?.[1];
  if (text !== undefined) return { text, from: 'ldflags' };
  const { module } = go ?? {};
  if (module && modulePath.test(module.path) && /^v[0-9]/.test(module.version))
    return { text: module.version, from: 'module' };
  return undefined;
}

/**
 * The first version string that stands alone among the bytes, else the first that has other text beside it, as constants of
 * Go programs have: they are not terminated.
 */
export function findK3sVersion(source: ByteSource): K3sVersion | undefined {
  let touching: K3sVersion | undefined;
  const length = Math.min(source.size, MAX_SEARCH);
  for (let start = 0; start < length; start += STEP) {
    // Every mark that starts in this step is seen with all of what may belong to it.
    const from = Math.max(0, start - BEFORE);
    const to = Math.min(length, start + STEP + AFTER);
    const bytes = source.read(from, to - from);
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let at = chunk.indexOf(MARK, start - from); at >= 0; at = chunk.indexOf(MARK, at + 1)) {
      if (from + at >= start + STEP) break;
      const found = versionAround(chunk, at);
      if (!found) continue;
      const version = { text: found.text, from: 'string', offset: from + found.start } as const;
      if (found.standsAlone) return version;
      touching ??= version;
    }
  }
  return touching;
}

function versionAround(chunk: Buffer, at: number): { text: string; start: number; standsAlone: boolean } | undefined {
  const before = ending.exec(chunk.toString('latin1', Math.max(0, at - BEFORE), at))?.[0];
  const after = beginning.exec(chunk.toString('latin1', at, at + AFTER + 1))?.[0];
  if (before === undefined || after === undefined) return undefined;
  const start = at - before.length;
  const beside = [chunk[start - 1], chunk[at + after.length]];
  const standsAlone = !beside.some((byte) => byte !== undefined && partOfWord.test(String.fromCharCode(byte)));
  return { text: before + after, start, standsAlone };
}
