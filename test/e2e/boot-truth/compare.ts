/** Holds what a booted systemd printed of every unit against what the files alone give. */
import { BootedGraph } from '../../../src/facts/systemd/booted-graph.ts';
import { describeUnit } from '../../../src/facts/systemd/describe-unit.ts';
import { findEnablement } from '../../../src/facts/systemd/enablement.ts';
import type { UnitSet } from '../../../src/facts/systemd/unit-set.ts';
import { splitWords } from '../../../src/facts/systemd/values/words.ts';
import { comparedProperties } from './compared-properties.ts';
import { type Difference, explanations, foreignUnits, instrumentDropIn } from './explanations.ts';
import type { RecordedBoot } from './recorded-boot.ts';

export interface Comparison {
  readonly units: number;
  /** Values that the files answer, right or wrong. */
  readonly values: number;
  readonly agreeing: number;
  readonly unexplained: readonly Difference[];
  /** Reason to how many differences it explains. */
  readonly explained: ReadonlyMap<string, number>;
  /** Compared properties that at least one unit has. */
  readonly properties: ReadonlySet<string>;
}

/** Lists that the manager keeps as sets, in an order that differs from boot to boot. */
const setProperty =
  /^(?:Requires|Requisite|Wants|BindsTo|PartOf|Upholds|.*By|.*Of|Conflicts|Before|After|OnSuccess|OnFailure|Triggers|Propagates.*|.*PropagatedFrom|Names|.*MountsFor|IPAddress(?:Allow|Deny)|RestrictNetworkInterfaces)$/;

export function compareBoot(set: UnitSet, boot: RecordedBoot): Comparison {
  const foreign = foreignUnits(boot);
  const graph = new BootedGraph(set);
  const properties = new Set<string>();
  const explained = new Map<string, number>(explanations.map(({ reason }) => [reason, 0]));
  const unexplained: Difference[] = [];
  let units = 0;
  let values = 0;
  let agreeing = 0;
  for (const [name, recorded] of boot.units) {
    const unit = set.load(name);
    if (foreign.has(name)) continue;
    units++;
    const ours = unit ? describeUnit(set, unit, findEnablement(set, unit.id).state, graph.around(unit)) : {};
    for (const property of comparedProperties) {
      const difference = {
        unit: name,
        property,
        recorded: normalise(property, recorded.get(property), foreign),
        ours: normalise(property, ours[property], foreign),
      };
      if (difference.recorded === undefined && difference.ours === undefined) continue;
      properties.add(property);
      const agrees = difference.recorded === difference.ours;
      const reason = agrees ? undefined : explanations.find(({ covers }) => covers(difference, recorded))?.reason;
      if (reason === undefined || difference.ours !== undefined) values++;
      if (agrees) {
        agreeing++;
        continue;
      }
      if (reason === undefined) unexplained.push(difference);
      else explained.set(reason, (explained.get(reason) ?? 0) + 1);
    }
  }
  return { units, values, agreeing, unexplained, explained, properties };
}

/** Without what only a run can give (times of starts), without what is not the image's; sets in order. */
function normalise(
  property: string,
  value: string | undefined,
  foreign: ReadonlyMap<string, string>,
): string | undefined {
  if (value === undefined) return undefined;
  const text = value.replace(/start_time=.*? ; status=\S+/g, '...').replace(/next_elapse=.*? }/g, '... }');
  if (property === 'DropInPaths') return nonEmpty(text.split(' ').filter((path) => path !== instrumentDropIn));
  if (!setProperty.test(property)) return text;
  const names = splitWords(text, 'decode').words;
  return nonEmpty(names.filter((name) => !foreign.has(name)).sort());
}

function nonEmpty(words: readonly string[]): string | undefined {
  return words.length === 0 ? undefined : words.join(' ');
}
