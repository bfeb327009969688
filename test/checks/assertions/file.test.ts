import { describe, expect, it } from 'vitest';
import { judge } from '../judge.ts';
import { file, place, StubFacts } from '../stub-facts.ts';

const config = '/etc/rancher/k3s/config.yaml';
const withFile = (stat: Parameters<typeof file>[1], more?: Parameters<typeof file>[2]) =>
  new StubFacts({ file: { [config]: file(config, stat, more) } });
const mode = { equals: '0644', tolerate: { within: '0644' } };

describe('file', () => {
  it('passes when every property holds', async () => {
    const verdict = await judge('file', { path: config, type: 'file', mode, owner: '0:0' }, withFile({}));
    expect(verdict).toEqual({ status: 'pass', evidence: expect.any(Array) });
  });

  it('names the mode that is and the one that was wanted', async () => {
    const verdict = await judge('file', { path: config, mode }, withFile({ mode: 0o666 }));
    expect(verdict).toMatchObject({
      status: 'fail',
      message: 'mode of /etc/rancher/k3s/config.yaml is 0666, 0644 wanted',
      expected: '0644',
      found: '0666',
      evidence: [{ location: place(config) }],
    });
  });

  it('warns where the contract tolerates', async () => {
    const verdict = await judge('file', { path: config, mode }, withFile({ mode: 0o600 }));
    expect(verdict).toMatchObject({ status: 'fail', severity: 'should' });
  });

  it('joins several faults, the gravest first in severity', async () => {
    const verdict = await judge('file', { path: config, mode, owner: '0:0' }, withFile({ mode: 0o600, uid: 1000 }));
    expect(verdict).toMatchObject({ status: 'fail', severity: 'must', message: expect.stringContaining('owner of') });
  });

  it('cannot tell when the path cannot be read', async () => {
    const verdict = await judge(
      'file',
      { path: config },
      withFile({}, { state: 'unreadable', reason: 'bad checksum' }),
    );
    expect(verdict).toMatchObject({ status: 'unknown', kind: 'inconclusive' });
  });

  it('cannot tell absence when the path cannot be read', async () => {
    const facts = withFile({}, { state: 'unreadable', reason: 'bad checksum' });
    expect(await judge('file', { path: config, absent: true }, facts)).toMatchObject({ status: 'unknown' });
  });

  it('says where a missing file would be', async () => {
    expect(await judge('file', { path: config }, new StubFacts())).toMatchObject({
      status: 'fail',
      message: `there is no ${config}`,
      evidence: [{ role: 'missing', location: place(config) }],
    });
  });

  it('skips an optional file that is not there', async () => {
    expect(await judge('file', { path: config, optional: true, mode }, new StubFacts())).toMatchObject({
      status: 'skip',
    });
  });

  it('takes the first of several paths that is there', async () => {
    expect(await judge('file', { path: ['/sbin/ip', config] }, withFile({}))).toMatchObject({ status: 'pass' });
    expect(await judge('file', { path: ['/sbin/ip', '/bin/ip'] }, withFile({}))).toMatchObject({
      message: 'none of /sbin/ip, /bin/ip is there',
    });
  });

  it('tells a broken link from a missing file', async () => {
    const broken = withFile({}, { state: 'missing', reason: 'dangling', resolved: '/gone' });
    expect(await judge('file', { path: config }, broken)).toMatchObject({
      message: `${config} is a broken link: it leads to /gone, which is not there`,
    });
  });

  it('fails on a thing of another type', async () => {
    expect(await judge('file', { path: config, type: 'directory' }, withFile({}))).toMatchObject({
      message: `${config} is a regular file, a directory wanted`,
    });
  });
});
