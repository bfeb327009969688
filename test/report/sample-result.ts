/** A run with one of everything a report can show. */
import type { CheckResult } from '../../src/checks/check.ts';
import { countResults, type ImageResult, type RunResult } from '../../src/checks/result.ts';
import { at, fail, inconclusive, pass, skip, undecidable } from '../../src/checks/verdict.ts';

const place = (path: string, line: number) => ({ source: 'node.wic!p2', path, line });
const base = { title: 'a requirement', severity: 'must', references: ['contract 1.0'] } as const;
const contract = { source: 'k3s.yaml', line: 7, column: 3 };

const results: readonly CheckResult[] = [
  { ...base, id: 'A-01', contract, verdict: pass() },
  {
    ...base,
    id: 'A-02',
    contract,
    why: 'because',
    fix: 'edit it',
    basis: 'derived',
    verdict: fail('KillMode of a.service is mixed, process wanted', {
      expected: 'process',
      found: 'mixed',
      evidence: [
        at(place('/etc/systemd/system/a.service.d/zz.conf', 2), 'set by', 'KillMode=mixed'),
        at(place('/usr/lib/systemd/system/a.service', 49), 'beats', 'KillMode=process'),
      ],
    }),
  },
  { ...base, id: 'A-03', verdict: fail('so-so', { severity: 'should' }) },
  { ...base, id: 'A-04', verdict: undecidable('only a running machine can tell') },
  { ...base, id: 'A-05', verdict: undecidable('only a running machine can tell') },
  { ...base, id: 'A-06', verdict: inconclusive('an inode is damaged', place('/etc/x', 1)) },
  { ...base, id: 'A-07', verdict: pass('larger than the contract says') },
  { ...base, id: 'A-08', verdict: skip('only for role agent') },
  {
    ...base,
    id: 'A-09',
    verdict: fail('/opt/tool is setuid', { evidence: [at({ source: 'node.wic!p2', path: '/opt/tool' })] }),
    waiver: {
      by: 'waiver',
      reason: 'the vendor needs it',
      owner: 'platform',
      expires: '2030-06-30',
      location: { source: 'waivers.yaml', line: 4, column: 5 },
    },
  },
];

export const judged: Extract<ImageResult, { state: 'judged' }> = {
  state: 'judged',
  subject: { label: 'node.wic', layers: ['gpt > p2 ext4 "platform"'], system: ['Debian 13 (Isar)', 'amd64'] },
  judgement: {
    contract: { name: 'k3s', version: '1.0', title: 'K3s' },
    parameters: [
      {
        name: 'role',
        value: 'server',
        origin: 'detected',
        evidence: [at(place('/var/lib/dpkg/status', 9), 'because', 'k3s-server')],
      },
      { name: 'level', value: undefined, origin: 'undetermined', evidence: [] },
    ],
    results,
  },
  counts: countResults(results),
  diagnostics: [
    {
      level: 'note',
      code: 'gpt/backup',
      message: 'the backup header is used',
      location: { source: 'node.wic', offset: 512 },
    },
  ],
};

export const unreadable: ImageResult = {
  state: 'unreadable',
  subject: { label: 'cut.wic', layers: [], system: [] },
  error: {
    code: 'bytes/truncated',
    message: 'it ends too early',
    location: { source: 'cut.wic', offset: 4096 },
    remedy: 'copy it again',
  },
};

export const run = (...images: readonly ImageResult[]): RunResult => ({
  tool: { name: 'check-image', version: '1.2.3' },
  images,
  exitCode: 1,
});
