/** Names of contracts that are made from a file. */
import { baseName } from '../host-files.ts';

/** `k3s-server` of `build/k3s-server.wic.zst`. */
export function nameFor(path: string): string {
  const name = baseName(path)
    .replace(/\..*$/, '')
    .replace(/[^A-Za-z0-9_-]/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '');
  return name === '' ? 'my-node' : name;
}
