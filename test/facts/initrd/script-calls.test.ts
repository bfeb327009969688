/** Which programs a script calls: only what its text shows beyond doubt. */
import { expect, it } from 'vitest';
import { findScriptCalls } from '../../../src/facts/initrd/script-calls.ts';

const programs = (text: string): readonly string[] => findScriptCalls(text).map(({ program }) => program);

it.each([
  ['mount -t proc proc /proc', ['mount']],
  ['  if ! cryptsetup open "$a" root; then panic "no"; fi', ['cryptsetup', 'panic', 'fi']],
  ['LC_ALL=C exec /sbin/veritysetup open a b c', ['/sbin/veritysetup']],
  ['modprobe dm-verity || modprobe -q dm_verity && sleep 1 &', ['modprobe', 'sleep']],
  ['# mdadm --assemble', []],
  ['echo "lvm vgchange; mount x"', ['echo']],
  ['$PROGRAM run', []],
  ['"$program" run', []],
  ['cat <<EOF\ncryptsetup\nEOF\ntrue', ['cat', 'true']],
  ["printf '\nlvm\n'", ['printf']],
  ['command -v mdadm >/dev/null && mdadm --assemble', ['command']],
  ['[ -x /sbin/lvm ] || exit 0\n/sbin/lvm vgchange', ['exit']],
  ['panic() {\n:\n}\npanic now', []],
  ['quiet)\n;;', []],
])('%j calls %j', (text, expected) => {
  expect(programs(text)).toEqual(expected);
});

it('has the line of the first call', () => {
  expect(findScriptCalls('a=1\n\nudevadm settle\nudevadm settle')).toEqual([{ program: 'udevadm', line: 3 }]);
});

it('takes no longer for a long line', () => {
  expect(programs(`echo ${'x"\'\\;'.repeat(100_000)}`).length).toBeGreaterThan(0);
});
