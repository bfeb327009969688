/** k3s: role, data directory, and every flag with the value that counts, wherever it is set. */
import { createHash } from 'node:crypto';
import type { K3sSetting } from '../../../facts/k3s/k3s-fact.ts';
import { type Concern, makeRecord } from '../concern.ts';

/** Flags whose value nobody should keep. */
const secrets: ReadonlySet<string> = new Set(['token', 'agent-token', 'etcd-s3-secret-key', 'datastore-endpoint']);

export const k3sConcern: Concern = {
  id: 'k3s',
  title: 'k3s',
  needs: ['k3s'],
  describe: (facts) => {
    const { role, dataDir, program, settings, configFiles, version } = facts.get('k3s');
    if (role === 'none') return { absent: 'the image has no k3s' };
    const present = configFiles.filter(({ state }) => state !== 'missing').map(({ path }) => path);
    return [
      makeRecord('role', { value: role }),
      makeRecord('data directory', { value: dataDir }),
      ...(program ? [makeRecord('program', { value: { value: program.path, location: program.location } })] : []),
      ...(version === undefined ? [] : [makeRecord('version', { value: version })]),
      ...(present.length > 0 ? [makeRecord('configuration files', { value: present })] : []),
      ...Object.values(settings).map(describeFlag),
    ];
  },
};

function describeFlag({ flag, values, location }: K3sSetting) {
  const shown = secrets.has(flag) ? values.map(maskSecret) : values;
  return makeRecord(`--${flag}`, { value: { values: shown, at: location } });
}

/** Enough to see that it is another one. */
function maskSecret(value: string): string {
  return `secret #${createHash('sha256').update(value).digest('hex').slice(0, 8)}`;
}
