/** The lists of differences that come with check-image, the first that explains a change counts. Adding one is a YAML file, a line here, and a test. */
import type { DifferenceList } from './difference.ts';

export const builtInDifferences: Readonly<Record<string, () => Promise<DifferenceList>>> = {
  volatile: async () => (await import('differences:volatile')).default,
  'k3s-contract': async () => (await import('differences:k3s-contract')).default,
  platforms: async () => (await import('differences:platforms')).default,
};

export function loadDifferences(): Promise<readonly DifferenceList[]> {
  return Promise.all(Object.values(builtInDifferences).map((load) => load()));
}
