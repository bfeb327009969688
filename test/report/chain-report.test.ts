import { describe, expect, it } from 'vitest';
import { chainReporter } from '../../src/report/chain-report.ts';
import { judged, run, unreadable } from './sample-result.ts';

describe('the report of a chain', () => {
  const text = chainReporter.render(run(judged), { color: false });

  it('numbers every check, with what was found and where', () => {
    expect(text).toContain(` 1  ok       a requirement
 2  FAIL     a requirement
             KillMode of a.service is mixed, process wanted
             set by     p2:/etc/systemd/system/a.service.d/zz.conf:2  KillMode=mixed
             beats      p2:/usr/lib/systemd/system/a.service:49  KillMode=process
             fix        edit it
`);
    expect(text).toContain(' 8  -        a requirement\n             only for role agent\n');
  });

  it('ends with the first link that is broken', () => {
    expect(text).toMatch(/\nthe chain is broken at link 2\n$/);
  });

  it('says what cannot be told only where nothing is broken', () => {
    const { judgement } = judged;
    const rest = judgement.results.filter(({ id }) => !['A-02', 'A-09'].includes(id));
    const whole = { ...judged, judgement: { ...judgement, results: rest } };
    expect(chainReporter.render(run(whole), { color: false })).toMatch(
      /no link is broken; look at 2; cannot tell 3, 4, 5\n$/,
    );
  });

  it('is one line for an image that cannot be read, and colours words only', () => {
    expect(chainReporter.render(run(unreadable), { color: false })).toMatch(/^cut\.wic: no verdict: .*\n$/);
    expect(chainReporter.render(run(judged), { color: true })).toContain('\u001b[1;31mFAIL     \u001b[0ma requirement');
  });
});
