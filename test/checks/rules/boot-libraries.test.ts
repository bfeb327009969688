import { describe, expect, it } from 'vitest';
import { RecordingLookup } from '../../../src/checks/recording-lookup.ts';
import { bootLibraries } from '../../../src/checks/rules/boot-libraries.ts';
import type { StartedProgram } from '../../../src/facts/boot-programs/boot-programs-fact.ts';
import { type LibrariesFact, type LibraryProblem, librariesKey } from '../../../src/facts/libraries/libraries-fact.ts';
import { goodBoot } from '../good-boot.ts';
import { place, StubFacts } from '../stub-facts.ts';

const started = (unit: string, path: string, more: Partial<StartedProgram> = {}): StartedProgram => ({
  unit,
  directive: 'ExecStart',
  path,
  mayFail: false,
  location: place(`/usr/lib/systemd/system/${unit}`, 3),
  ...more,
});
const whole = (path: string): LibrariesFact => ({ path, location: place(path), programs: [] });
const lacking = (path: string, subject: string, problem: Partial<LibraryProblem> = {}): LibrariesFact => ({
  ...whole(path),
  programs: [
    {
      path,
      location: place(path),
      architecture: 'amd64',
      linkage: 'dynamic',
      needs: [],
      problems: [
        { kind: 'missing', subject, by: path, message: `${path} needs ${subject}`, location: place(path), ...problem },
      ],
    },
  ],
});

/** The `boot-libraries` rule on those programs, what each loads by its key. */
function judge(programs: readonly StartedProgram[], libraries: Readonly<Record<string, LibrariesFact>>) {
  const facts = new StubFacts({
    boot: { '': goodBoot },
    'boot-programs': { '': { programs } },
    libraries: { [goodBoot.init]: whole(goodBoot.init), ...libraries },
  });
  return bootLibraries.evaluate({}, new RecordingLookup(facts, bootLibraries.needs));
}

describe('boot-libraries', () => {
  it('passes where every program finds everything', () => {
    expect(judge([started('a.service', '/a')], { '/a': whole('/a') })).toMatchObject({
      status: 'pass',
      note: '2 programs and what they load',
    });
  });

  it('names what is missing once, with who asks and who starts it', () => {
    const all = [started('a.service', '/a'), started('b.service', '/b')];
    const libraries = { '/a': lacking('/a', 'libx.so.1', { searched: ['/lib'] }), '/b': lacking('/b', 'libx.so.1') };
    expect(judge(all, libraries)).toEqual({
      status: 'fail',
      message: 'a.service: /a needs libx.so.1',
      evidence: [
        { role: 'at', location: place('/a'), excerpt: 'looks into /lib' },
        { role: 'started by', location: place('/usr/lib/systemd/system/a.service', 3), excerpt: 'ExecStart=/a' },
      ],
    });
  });

  it('counts the first process, and says how much more there is', () => {
    const libraries = { [goodBoot.init]: lacking(goodBoot.init, 'libc.so.6'), '/a': lacking('/a', 'libx.so.1') };
    expect(judge([started('a.service', '/a')], libraries)).toMatchObject({
      message: `init: ${goodBoot.init} needs libc.so.6 (and 1 more)`,
    });
  });

  it('weighs less what may fail, and asks with the unit’s LD_LIBRARY_PATH', () => {
    const program = started('a.service', '/a', { mayFail: true, libraryPath: '/opt/lib' });
    const libraries = { '/a': whole('/a'), [librariesKey('/a', '/opt/lib')]: lacking('/a', 'libx.so.1') };
    expect(judge([program], libraries)).toMatchObject({ status: 'fail', severity: 'should' });
  });

  it('says which interpreter of a script is missing', () => {
    const broken = {
      subject: '/bin/sh',
      message: '/a needs /bin/sh, which is not in the image',
      location: place('/a'),
    };
    expect(judge([started('a.service', '/a')], { '/a': { ...whole('/a'), broken } })).toMatchObject({
      message: 'a.service: /a needs /bin/sh, which is not in the image',
      evidence: [{ location: place('/a') }, { role: 'started by' }],
    });
  });
});
