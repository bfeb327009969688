/** `systemctl get-default`: the target the machine boots into; the kernel command line counts, too. */
import type { ExitCode } from '../../../checks/result.ts';
import { findDefaultTarget } from '../../../facts/systemd/default-target.ts';
import { formatJson } from '../../../report/escape.ts';
import { formatWhy } from '../../../report/systemd/format-why.ts';
import type { Question } from './run-systemctl.ts';

export function printDefault({ set, options, out, outcome }: Question): ExitCode {
  const target = findDefaultTarget(set);
  if (!target) {
    outcome.absent('there is no default.target');
    return 1;
  }
  out(options.json ? formatJson(target) : `${target.unit}\n`);
  if (options.why && !options.json) out(formatWhy({ set: [{ text: '', location: target.location }], beats: [] }));
  return 0;
}
