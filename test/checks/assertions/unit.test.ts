import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../../src/checks/check.ts';
import type { UnitFact, UnitStart } from '../../../src/facts/systemd/unit-fact.ts';
import { createTable } from '../../../src/table.ts';
import { judge } from '../judge.ts';
import { directive, place, StubFacts, unit } from '../stub-facts.ts';

const name = 'k3s-server.service';

const judgeUnit = (more: Partial<UnitFact>, options: object, starts: readonly UnitStart[] = []): Promise<Verdict> =>
  judge(
    'unit',
    { name, ...options },
    new StubFacts({
      unit: { [name]: unit(name, more) },
      startup: { '': { units: createTable(starts.map((one) => [one.unit, one])) } },
    }),
  );

const set = (key: string, value: string, beats: readonly (readonly [string, number])[] = []): Partial<UnitFact> => ({
  directives: { [key]: directive(key, value, 2, beats) },
});
const claim = (key: string, value: unknown): object => ({ directive: key, value });

describe('unit: a directive', () => {
  it('says which assignment counts and which it beats', async () => {
    const verdict = await judgeUnit(
      set('Service.KillMode', 'mixed', [['process', 49]]),
      claim('Service.KillMode', 'process'),
    );
    expect(verdict).toEqual({
      status: 'fail',
      message: 'KillMode of k3s-server.service is mixed, process wanted',
      expected: 'process',
      found: 'mixed',
      evidence: [
        { role: 'set by', location: place('/etc/systemd/system/unit.d/2.conf', 2), excerpt: 'KillMode=mixed' },
        { role: 'beats', location: place('/etc/systemd/system/unit.d/49.conf', 49), excerpt: 'KillMode=process' },
      ],
    });
  });

  it.each([
    ['Service.RestartSec', '5s', '100ms'],
    ['Service.KillMode', 'process', 'control-group'],
    ['Service.Delegate', 'yes', 'no'],
    ['Service.Restart', 'always', 'no'],
    ['Service.Type', 'notify', 'simple'],
  ])('%s that nobody sets is what systemd takes', async (key, wanted, found) => {
    expect(await judgeUnit({}, claim(key, wanted))).toMatchObject({ status: 'fail', found });
  });

  it('that nobody sets and that has no default is not set', async () => {
    expect(await judgeUnit({}, claim('Service.LimitNOFILE', 1048576))).toMatchObject({
      message: 'LimitNOFILE of k3s-server.service is not set, 1048576 wanted',
    });
  });

  it.each([
    ['5', 'pass'],
    ['5sec', 'pass'],
    ['5000ms', 'pass'],
    ['6s', 'fail'],
  ])('RestartSec=%s against 5s: %s', async (value, status) => {
    expect(await judgeUnit(set('Service.RestartSec', value), claim('Service.RestartSec', '5s'))).toMatchObject({
      status,
    });
  });

  const wanted = { equals: 'yes', tolerate: { matches: '^(cpu|memory)' } };
  it.each([
    [
      'yes',
      'cpu cpuacct cpuset io blkio memory devices pids bpf-firewall bpf-devices bpf-foreign bpf-socket-bind bpf-restrict-network-interfaces',
      'pass',
      undefined,
    ],
    ['yes', 'cpu memory', 'fail', 'should'],
    ['no', undefined, 'fail', undefined],
  ])('Delegate=%s with the controllers %s: %s %s', async (flag, controllers, status, severity) => {
    const properties = { Delegate: flag, ...(controllers === undefined ? {} : { DelegateControllers: controllers }) };
    const verdict = await judgeUnit({ properties }, claim('Service.Delegate', wanted));
    expect(verdict.status).toBe(status);
    if (verdict.status === 'fail') expect(verdict.severity).toBe(severity);
  });

  it('is not judged in a unit that is not loaded', async () => {
    expect(await judgeUnit({ loadState: 'not-found' }, claim('Service.Type', 'notify'))).toMatchObject({
      status: 'fail',
      found: 'not-found',
    });
  });

  it('is left to another check in a masked unit, if the contract says so', async () => {
    const options = { ...claim('Service.Type', 'notify'), 'if-masked': 'skip' };
    expect(await judgeUnit({ loadState: 'masked' }, options)).toMatchObject({ status: 'skip' });
    expect(await judgeUnit({ loadState: 'masked' }, claim('Service.Type', 'notify'))).toMatchObject({ status: 'fail' });
  });
});

describe('unit: started at boot', () => {
  const because = [
    { unit: 'multi-user.target', by: 'Wants=', location: place('/etc/systemd/system/multi-user.target.wants/x') },
  ];
  const start = (state: UnitStart['state'], more: Partial<UnitStart> = {}): UnitStart[] => [
    { unit: name, state, because, ...more },
  ];
  const boot = { started: 'boot' };

  it('passes with what pulls it in', async () => {
    expect(await judgeUnit({}, boot, start('boot'))).toMatchObject({
      status: 'pass',
      evidence: [{ role: 'pulled in by', excerpt: 'multi-user.target Wants=' }],
    });
  });

  it.each<[string, Partial<UnitFact>, UnitStart[], string]>([
    [
      'nothing wants it',
      { unitFileState: 'disabled' },
      [],
      'nothing that default.target pulls in wants it (its state is disabled)',
    ],
    ['on demand only', {}, start('demand'), 'it waits for something to ask for it'],
    [
      'a condition fails',
      {},
      start('boot', { skippedBecause: 'ConditionPathExists=/x is not met' }),
      'ConditionPathExists=/x is not met',
    ],
    ['masked', { loadState: 'masked' }, [], 'is masked'],
  ])('fails when %s', async (_, more, starts, why) => {
    expect(await judgeUnit(more, boot, starts)).toMatchObject({
      status: 'fail',
      message: expect.stringContaining(why),
    });
  });

  it('names the line of the condition, or of what is required in vain', async () => {
    const skippedAt = place('/etc/systemd/system/x.service.d/a.conf', 2);
    const refused = start('never', { skippedBecause: 'Requires=gone.service, which does not exist', skippedAt });
    expect(await judgeUnit({}, boot, refused)).toMatchObject({
      status: 'fail',
      message: expect.stringContaining('Requires=gone.service, which does not exist'),
      evidence: [{ role: 'pulled in by' }, { role: 'set by', location: skippedAt }],
    });
  });

  it('cannot tell what the image does not decide', async () => {
    expect(await judgeUnit({}, boot, start('unknown'))).toMatchObject({ status: 'unknown', kind: 'inconclusive' });
  });

  it('never: fails for what is started, passes for what is masked', async () => {
    expect(await judgeUnit({}, { started: 'never' }, start('boot'))).toMatchObject({ status: 'fail' });
    expect(await judgeUnit({ loadState: 'masked' }, { started: 'never' }, start('masked'))).toMatchObject({
      status: 'pass',
    });
  });
});
