/** The work of `systemctl`: opens the image, asks the verb, and says what could not be read. */
import type { ExitCode } from '../../../checks/result.ts';
import type { Gap } from '../../../facts/fact.ts';
import { FactStore } from '../../../facts/fact-store.ts';
import { shareUnits } from '../../../facts/systemd/unit-reader.ts';
import type { UnitSet } from '../../../facts/systemd/unit-set.ts';
import { withTargets } from '../../open-target.ts';
import { Outcome } from '../../outcome.ts';
import type { Terminal } from '../../terminal.ts';
import { UsageError } from '../../usage-error.ts';
import { readTargetOptions } from '../image-options.ts';
import type { SystemctlOptions, SystemctlVerb } from '../systemctl.ts';
import { checkEnabled } from './check-enabled.ts';
import { printDefault } from './print-default.ts';
import { printDependencies } from './print-dependencies.ts';
import { printProperties } from './print-properties.ts';
import { printUnitFiles } from './print-unit-files.ts';
import { printUnitTexts } from './print-unit-texts.ts';

/** One question to the units of one image. */
export interface Question {
  readonly set: UnitSet;
  readonly facts: FactStore;
  /** As given on the command line. */
  readonly names: readonly string[];
  readonly options: SystemctlOptions;
  readonly out: (text: string) => void;
  readonly outcome: Outcome;
  /** Evidence that the answer stands on and that could not be read. */
  readonly gaps: Gap[];
}

/** Answers with the exit code systemctl would have, 0 if it says nothing. */
type Answer = (question: Question) => ExitCode;

const answers: Readonly<Record<SystemctlVerb, { readonly answer: Answer; readonly units: 'some' | 'any' | 'none' }>> = {
  cat: { answer: printUnitTexts, units: 'some' },
  show: { answer: printProperties, units: 'some' },
  'is-enabled': { answer: checkEnabled, units: 'some' },
  'list-unit-files': { answer: printUnitFiles, units: 'any' },
  'list-dependencies': { answer: printDependencies, units: 'any' },
  'get-default': { answer: printDefault, units: 'none' },
};

export async function runSystemctl(
  image: string,
  verb: SystemctlVerb,
  names: readonly string[],
  options: SystemctlOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { answer, units } = answers[verb];
  if (units === 'some' && names.length === 0) throw new UsageError(`${verb} takes the name of a unit`);
  if (units === 'none' && names.length > 0) throw new UsageError(`${verb} takes no unit`);
  const outcome = new Outcome(terminal);
  let exitCode: ExitCode = 0;
  await withTargets(
    [image],
    { ...readTargetOptions(options, true), needsRoot: true },
    async ({ image: opened, view }) => {
      const facts = new FactStore(view, opened.facts);
      await facts.prepare(['unit', 'startup']);
      const set = shareUnits(view, facts);
      const gaps: Gap[] = [];
      try {
        exitCode = answer({ set, facts, names, options, out: terminal.out, outcome, gaps });
      } catch (thrown) {
        outcome.unreadable(image, thrown);
      }
      outcome.incomplete([...set.gaps, ...gaps].map(({ cause }) => cause));
    },
  );
  return outcome.exitCode === 3 || exitCode === 0 ? outcome.exitCode : exitCode;
}
