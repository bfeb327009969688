/** The work of `readlink`. */
import type { ExitCode } from '../../checks/result.ts';
import { escapeText } from '../../report/escape.ts';
import type { Missing } from '../../root/root-view.ts';
import { type Target, withTargets } from '../open-target.ts';
import { Outcome } from '../outcome.ts';
import type { Terminal } from '../terminal.ts';
import { readTargetOptions } from './image-options.ts';
import type { ReadLinkOptions } from './readlink.ts';

const reasons: Readonly<Record<Missing['reason'], string>> = {
  missing: 'it does not exist',
  dangling: 'a link points to nothing',
  'not-a-directory': 'it is not a directory',
  loop: 'its links go round in circles',
};

export async function printLinks(
  targets: readonly string[],
  options: ReadLinkOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const outcome = new Outcome(terminal);
  const print = (text: string): void => terminal.out(`${escapeText(text)}\n`);
  const damage = await withTargets(targets, readTargetOptions(options, false), async (target) => {
    try {
      if (options.canonicalize) printCanonical(target, print, outcome);
      else printStored(target, print, outcome);
    } catch (thrown) {
      outcome.unreadable(target.argument, thrown);
    }
  });
  outcome.incomplete(damage);
  return outcome.exitCode;
}

function printCanonical({ view, path, argument }: Target, print: (text: string) => void, outcome: Outcome): void {
  const end = view.resolve(path);
  if (end.state === 'unreadable') throw end.error;
  if (end.state === 'found') print(end.path);
  else outcome.absent(`${argument} ends at ${end.path}: ${reasons[end.reason]}`);
}

function printStored({ view, path, argument }: Target, print: (text: string) => void, outcome: Outcome): void {
  const stored = view.readLink(path);
  if (stored !== undefined) print(stored);
  else outcome.absent(view.find(path, 'parents') ? `${argument} is not a symlink` : `there is no ${argument}`);
}
