import { describe, expect, it } from 'vitest';
import type { PackagesFact } from '../../../src/facts/packages/packages-fact.ts';
import { judge } from '../judge.ts';
import { place, StubFacts } from '../stub-facts.ts';

const installed = (status: string): PackagesFact => ({
  database: 'dpkg',
  packages: [
    { name: 'kmod', version: '34.2-2', architecture: 'amd64', status, location: place('/var/lib/dpkg/status', 40) },
  ],
  beside: [],
});
const listed: PackagesFact = {
  database: 'none',
  packages: [],
  beside: [
    {
      kind: 'manifest',
      name: 'node.manifest',
      packages: [{ name: 'kmod', version: '34.2-2', architecture: 'amd64', line: 3 }],
    },
  ],
};
const complete = installed('install ok installed');

describe('package', () => {
  it.each<[string, object, PackagesFact, string]>([
    ['installed', { name: 'kmod' }, complete, 'pass'],
    ['one of several', { name: ['udev', 'kmod'] }, complete, 'pass'],
    ['held, but there', { name: 'kmod' }, installed('hold ok installed'), 'pass'],
    ['half-installed', { name: 'kmod' }, installed('install ok half-configured'), 'fail'],
    ['removed, configuration left', { name: 'kmod' }, installed('deinstall ok config-files'), 'fail'],
    ['missing', { name: 'socat' }, complete, 'fail'],
    ['in range', { name: 'kmod', version: { version: '>= 30, << 35' } }, complete, 'pass'],
    ['out of range', { name: 'kmod', version: { version: '>= 35' } }, complete, 'fail'],
    ['absent', { name: 'gcc', absent: true }, complete, 'pass'],
    ['present', { name: 'kmod', absent: true }, complete, 'fail'],
    ['on a list beside the image', { name: 'kmod' }, listed, 'pass'],
    ['not on the list', { name: 'socat' }, listed, 'fail'],
    ['no witness at all', { name: 'kmod' }, { ...listed, beside: [] }, 'unknown'],
  ])('%s', async (_, options, packages, status) => {
    expect(await judge('package', options, new StubFacts({ packages: { '': packages } }))).toMatchObject({ status });
  });

  it('names the record and what its status is', async () => {
    const facts = new StubFacts({ packages: { '': installed('install ok unpacked') } });
    expect(await judge('package', { name: 'kmod' }, facts)).toMatchObject({
      message: 'kmod is not installed: its status is install ok unpacked',
      evidence: [{ location: { line: 40 } }],
    });
  });
});
