/** The contracts that come with check-image. Adding one is a YAML file, a line here, and a test. */
import type { Contract } from '../contract.ts';

export const builtInContracts: Readonly<Record<string, () => Promise<Contract>>> = {
  boot: async () => (await import('./boot.yaml')).default,
  k3s: async () => (await import('./k3s.yaml')).default,
  'nix-store': async () => (await import('./nix-store.yaml')).default,
};
