/**
 * A directive of a unit as systemd would keep it: the assignments are applied as the manager does (5s is 5, yes is true), and
 * nothing set is the default, where that is known.
 */
import { directiveRow } from '../../checks/assertions/directive-domains.ts';
import { domains } from '../../checks/matchers/domain.ts';
import type { DirectiveContext, SettingValue } from '../../facts/systemd/directives/directive.ts';
import { findDirective } from '../../facts/systemd/directives/registry.ts';
import { parseUnitName } from '../../facts/systemd/unit-name.ts';

/** Lists whose order means nothing. */
const sets =
  /^(?:Unit\.(?:After|Before|Wants|Requires|Requisite|BindsTo|PartOf|Upholds|Conflicts|OnFailure|OnSuccess|PropagatesReloadTo|Documentation|RequiresMountsFor|WantsMountsFor|JoinsNamespaceOf)|Install\..*|[A-Z][a-z]+\.(?:SystemCallArchitectures|RestrictAddressFamilies|ReadWritePaths|ReadOnlyPaths|InaccessiblePaths))$/;

/**
 * `field` is `Section.Key`, or a part of a unit that is no directive; `settingOf` gives the other fields of the unit. Undefined: nothing
 * is set, and no default is known.
 */
export function canonicalDirective(
  unit: string,
  field: string,
  values: readonly string[] | undefined,
  settingOf: (field: string) => readonly string[] | undefined,
): string | undefined {
  const dot = field.indexOf('.');
  if (dot < 0) return values?.join(' ');
  const { domain, default: usual } = directiveRow(field);
  const preset = field === 'Service.TimeoutStartSec' && isOneshot(settingOf) ? 'infinity' : usual;
  const given = values ?? (preset === undefined ? undefined : [preset]);
  if (!given) return undefined;
  const last = given.at(-1);
  // A domain of its own knows more than one word for a value.
  const known = last === undefined || domain === domains.text ? undefined : domain.parse(last);
  return known?.key ?? canonicalSetting(unit, field, given);
}

/** Such a service may start for ever, unless it says otherwise. systemd.service(5). */
function isOneshot(settingOf: (field: string) => readonly string[] | undefined): boolean {
  const type = settingOf('Service.Type')?.at(-1);
  return type === undefined ? !settingOf('Service.ExecStart') && !settingOf('Service.BusName') : type === 'oneshot';
}

function canonicalSetting(unit: string, field: string, values: readonly string[]): string {
  const dot = field.indexOf('.');
  const kind = findDirective(field.slice(0, dot), field.slice(dot + 1))?.kind;
  const name = parseUnitName(unit);
  if (!kind || !name) return JSON.stringify(values);
  const context: DirectiveContext = { unit: name, expand: (text) => text };
  let current: SettingValue | undefined;
  for (const text of values) {
    const outcome = kind.apply(current, text, context);
    if (outcome.effect === 'set' || outcome.effect === 'add') current = outcome.value;
    else if (outcome.effect === 'reset') current = undefined;
    // What systemd would ignore or refuse is compared as it is written.
    else return JSON.stringify(values);
  }
  return formatSetting(sets.test(field) ? sorted(current) : current);
}

function sorted(value: SettingValue | undefined): SettingValue | undefined {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? [...new Set(value)].sort() : value;
}

function formatSetting(value: SettingValue | undefined): string {
  return JSON.stringify(value ?? null, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
}
