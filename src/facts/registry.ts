/** Every fact reader. Adding one is a folder, a line here, a line in `fact-types.ts`, and a test. */
import type { FactId, FactReader } from './fact.ts';
import { packagesReader } from './packages/packages-reader.ts';

export const factReaders: { readonly [K in FactId]?: FactReader<K> } = {
  packages: packagesReader,
};
