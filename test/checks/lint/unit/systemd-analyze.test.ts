/**
 * The unit rules against `systemd-analyze verify` of systemd 257 (recorded by test/fixtures/systemd/verify/make.sh): whatever it says of
 * a planted unit some rule says of the same unit and line. What the rules say beyond it is listed here, rule by rule.
 */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import type { CheckResult } from '../../../../src/checks/check.ts';
import { runLint } from '../../../../src/checks/lint/run-lint.ts';
import { unitRules } from '../../../../src/checks/lint/unit/registry.ts';
import { FactStore } from '../../../../src/facts/fact-store.ts';
import { MemoryFileSystem, type MemoryTree } from '../../../../src/filesystems/memory.ts';
import { defaultLimits } from '../../../../src/limits.ts';
import { RootView } from '../../../../src/root/root-view.ts';
import { planted } from '../../../fixtures/systemd/verify/planted.ts';

const program = { text: 'a program\n', mode: 0o755 };
/** What the planted units find in the Debian tree besides themselves. */
const surroundings: MemoryTree = {
  '/usr/lib/systemd/libsystemd-shared-257.so': '',
  '/usr/bin/true': program,
  '/usr/bin/sh': program,
  '/usr/bin/env': program,
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
  '/etc/group': 'root:x:0:\n',
};

interface Finding {
  readonly rule: string;
  readonly subject: string;
  readonly sentence: string;
  /** `path:line`, or the path alone. */
  readonly places: readonly string[];
}

let findings: readonly Finding[] = [];

beforeAll(async () => {
  const fileSystem = new MemoryFileSystem({ ...surroundings, ...planted });
  const facts = new FactStore(new RootView([{ path: '/', fileSystem }], defaultLimits), {
    label: 'disk',
    sideFiles: [],
  });
  const results = await runLint(unitRules, facts);
  expect(results.filter(({ verdict }) => verdict.status === 'unknown')).toEqual([]);
  findings = results.flatMap(toFinding);
});

function toFinding({ id, subject, verdict }: CheckResult): readonly Finding[] {
  if (verdict.status !== 'fail') return [];
  const places = verdict.evidence.map(({ location: { path = '', line } }) =>
    line === undefined ? path : `${path}:${line}`,
  );
  return [{ rule: id, subject: subject?.name ?? '', sentence: verdict.message, places }];
}

const recorded = readFileSync(new URL('../../../fixtures/systemd/verify/verified.txt', import.meta.url), 'utf8')
  .split('\n')
  .slice(1)
  .filter((line) => line !== '' && !line.startsWith('=== '));

/** What it says that is no finding about the unit, and why. */
const consequences: readonly (readonly [RegExp, string])[] = [
  [/^Requested transaction contains an unfixable cyclic/, 'follows the lines that name the circle'],
  [/Transaction order is cyclic/, 'follows the lines that name the circle'],
  [/: Job \S+ deleted to break ordering cycle/, 'follows the lines that name the circle'],
  [/: Unable to break cycle starting with/, 'follows the lines that name the circle'],
  [/: Unit configuration has fatal error/, 'follows the line of the error'],
  [/^Accepting user\/group name '/, 'a notice without unit or line; the name works'],
  [/^Unit masked\.service is masked\.$/, 'a mask is a decision'],
  [/^exec-rooted\.service: Command \/bin\/inside /, 'looks in the image for what lies in RootDirectory='],
  [
    /needs-needy\.service: Failed to create .* Unit gone\.service not found/,
    'said of needs-missing.service, which needs-needy.service needs',
  ],
];

/** Whether a finding says what the line says, of the same unit and the same line of the same file. */
function says(line: string): (finding: Finding) => boolean {
  const placed = /^(\/\S+:[0-9]+): /.exec(line);
  if (placed) return ({ places }) => places.includes(placed[1] ?? '');
  const file = /^Configuration file (\S+) is marked /.exec(line);
  if (file) return ({ subject, rule }) => rule === 'unit/file-mode' && subject === file[1];
  const refused = /^Unit (\S+) (?:has a bad unit file setting|failed to load properly)/.exec(line);
  if (refused) return ({ subject, rule }) => rule === 'unit/refused' && subject === refused[1];
  const lost = /^Unit (\S+) not found\.$/.exec(line);
  if (lost) return ({ subject, rule }) => rule === 'unit/bad-alias' && subject.endsWith(`/${lost[1]}`);
  const [, unit = '', rest = ''] = /^([^\s:]+): (.*)$/.exec(line) ?? [];
  const template = unit.replace('@test-instance.', '@.');
  const about = ({ subject, places }: Finding): boolean =>
    subject === template || places.some((place) => place.includes(`/${template}`)) || subject.endsWith(`/${unit}`);
  const circle = /^Found (?:ordering cycle|dependency) on (\S+)\/start/.exec(rest);
  if (circle)
    return ({ rule, sentence }) =>
      rule === 'unit/ordering-cycle' && [unit, circle[1] ?? ''].every((name) => sentence.includes(name));
  const command = /^Command (\S+) is not executable/.exec(rest);
  if (command) return (finding) => about(finding) && finding.sentence.includes(`runs ${command[1]},`);
  const needed = /^Failed to create .*: Unit (\S+) (?:not found|is masked|has a bad unit file setting)/.exec(rest);
  if (needed)
    return (finding) =>
      finding.rule === 'unit/missing-requirement' && about(finding) && finding.sentence.includes(needed[1] ?? '');
  const entry = /dependency dropin (\/.*?) (?:is not|target )/.exec(rest);
  if (entry) return ({ rule, subject }) => rule === 'unit/bad-link' && subject === entry[1];
  const isAboutUnits =
    unit !== '' && /Refusing|not loading|not loaded|incompatible suffix|Failed to open|Dependency|Requested/.test(rest);
  const rules = ['unit/refused', 'unit/bad-alias', 'unit/nothing-to-start', 'unit/dropped-dependency'];
  return (finding) => isAboutUnits && rules.includes(finding.rule) && about(finding);
}

test('says whatever systemd-analyze says', () => {
  const unsaid = recorded.filter(
    (line) => !consequences.some(([pattern]) => pattern.test(line)) && !findings.some(says(line)),
  );
  expect(unsaid).toEqual([]);
});

test('every exception is one that occurs', () => {
  expect(consequences.filter(([pattern]) => !recorded.some((line) => pattern.test(line)))).toEqual([]);
});

test('says more only where it looks further', () => {
  const more = findings.filter((finding) => !recorded.some((line) => says(line)(finding)));
  expect(more.map(({ rule, sentence }) => `${rule} ${sentence}`)).toMatchInlineSnapshot(`
    [
      "unit/obsolete key-gone.service: Capabilities= has no effect any more",
      "unit/obsolete key-gone.service: SysVStartPriority= has no effect any more",
      "unit/obsolete key-gone.service: BusPolicy= has no effect any more",
      "unit/obsolete old-memory-limit.service: BlockIOWeight= is obsolete, IOWeight= takes its place",
      "unit/missing-interpreter exec-env.service: ExecStart= runs /opt/planted/env.sh, which needs nosuch-language, which is not in the image",
      "unit/missing-interpreter exec-interpreter.service: ExecStart= runs /opt/planted/no-interpreter.sh, which needs /opt/planted/nosuch, which is not in the image",
      "unit/unknown-account value-user-relaxed.service: User=foo.bar, but there is no such user",
      "unit/unknown-account value-user-relaxed.service: Group=0777x, but there is no such group",
      "unit/unknown-account value-user.service: User=-bad, but there is no such user",
      "unit/missing-environment-file environment.service: EnvironmentFile=/etc/planted/missing, which is not in the image",
      "unit/nothing-to-start lonely.path starts lonely.service, which does not exist",
      "unit/nothing-to-start lonely.timer starts lonely.service, which does not exist",
      "unit/nothing-to-start named.timer starts gone-timed.service, which does not exist",
      "unit/dangling-link links.service wants gone-wanted.service, which does not exist",
      "unit/dangling-link links.service wants other-name.service, which does not exist",
      "unit/orphan-drop-in /etc/systemd/system/dropped-in.service.d/ignored.txt is not read: its name does not end in .conf",
    ]
  `);
});
