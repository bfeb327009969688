/** A finding is the same finding in a compressed copy of the image: baselines and code scanning go by its fingerprint. */
import { expect, it } from 'vitest';
import { builtImage, checkImage } from './check-image.ts';

interface Log {
  readonly runs: readonly [
    { readonly results: readonly { readonly ruleId: string; readonly partialFingerprints: Record<string, string> }[] },
  ];
}

function printsOf(image: string): readonly string[] {
  const { stdout } = checkImage(builtImage(image), '--set', 'k3s=1.31', '--format', 'sarif', '--verbose');
  const [{ results }] = (JSON.parse(stdout) as Log).runs;
  return results.map(({ ruleId, partialFingerprints }) => `${ruleId} ${partialFingerprints['checkImageFinding/v1']}`);
}

it('has one fingerprint a finding, whatever the image is wrapped in', () => {
  const prints = printsOf('k3s-server.wic');
  expect(prints.length).toBeGreaterThan(50);
  expect(new Set(prints).size).toBe(prints.length);
  expect(printsOf('k3s-server.wic.zst')).toEqual(prints);
  expect(printsOf('k3s-server.wic.gz')).toEqual(prints);
});
