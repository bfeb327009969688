/**
 * How parameters are found out from the image when nobody sets them. Add a detector by adding a row; a contract names it
 * with `detect`.
 */
import type { FactId } from '../facts/fact.ts';
import type { Evidence, FactLookup } from './check.ts';
import type { Contract } from './contract.ts';
import { detectNetworkProfile } from './network-profile.ts';
import { at } from './verdict.ts';

export interface Detection {
  /** Undefined: the image does not say, or says two things; `evidence` then shows what was seen. */
  readonly value: string | undefined;
  readonly evidence: readonly Evidence[];
  /** Why the image cannot be asked: then no default stands in. */
  readonly damage?: string;
}

export interface Detector {
  /** For the reference: what it looks at. */
  readonly title: string;
  readonly needs: readonly FactId[];
  readonly detect: (facts: FactLookup, contract: Contract) => Detection;
}

const places = (list: readonly { readonly text: string; readonly location: Evidence['location'] }[]): Evidence[] =>
  list.map(({ text, location }) => at(location, 'because', text));

export const detectors: Readonly<Record<string, Detector>> = {
  platform: {
    title: 'the store and profile of NixOS, the traces of an ISAR build, os-release',
    needs: ['platform'],
    detect: (facts) => {
      const { platform, evidence } = facts.get('platform');
      return { value: platform === 'unknown' ? undefined : platform, evidence: places(evidence) };
    },
  },
  architecture: {
    title: 'the architecture most of dpkg, the ELF files and /etc agree on',
    needs: ['platform'],
    detect: (facts) => {
      const { architecture, architectureEvidence } = facts.get('platform');
      const seen = architectureEvidence.map((one) => ({
        text: `${one.source} says ${one.architecture}`,
        location: one.location,
      }));
      return { value: architecture, evidence: places(seen) };
    },
  },
  'k3s-role': {
    title: 'installed k3s packages and enabled k3s units',
    needs: ['k3s'],
    detect: (facts) => {
      const { role, roleEvidence } = facts.get('k3s', '', ['role']);
      return { value: role === 'server' || role === 'agent' ? role : undefined, evidence: places(roleEvidence) };
    },
  },
  'k3s-data-dir': {
    title: '--data-dir of the k3s service',
    needs: ['k3s'],
    detect: (facts) => ({ value: facts.get('k3s', '', ['dataDir', 'data-dir']).dataDir, evidence: [] }),
  },
  'network-profile': {
    title: 'interfaces the image configures, and --flannel-iface, against the interface of each profile',
    needs: ['network', 'k3s'],
    detect: detectNetworkProfile,
  },
};
