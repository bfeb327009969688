/** Two sides of one concern: every record and every field that is not the same, as changes that nobody has classed yet. */
import type { Change, ChangeSide } from '../change.ts';
import type { NameGroup } from '../differences/difference.ts';
import type { Field, PortraitRecord } from '../portrait/portrait.ts';
import { alignRecords, type Pair } from './align.ts';
import { canonicalForm } from './equality.ts';
import { splitPortRecords } from './split-ports.ts';

export interface ConcernRequest {
  readonly concern: string;
  readonly a: readonly PortraitRecord[];
  readonly b: readonly PortraitRecord[];
  readonly names: readonly NameGroup[];
  /** One side is NixOS, the other is not. */
  readonly isAcross: boolean;
  /** Whether a record of that name was read on both sides. */
  readonly isKnown: (name: string) => boolean;
}

export interface ComparedConcern {
  /** Of class `equivalent` where only the form differs, else `drift`. */
  readonly changes: readonly Change[];
  /** Records on both sides without any difference. */
  readonly equal: number;
}

export function compareConcern(request: ConcernRequest): ComparedConcern {
  const { concern, names, isKnown } = request;
  const split = concern === 'ports' ? splitPortRecords(request.a, request.b) : { ...request, equal: 0 };
  const changes: Change[] = [];
  let { equal } = split;
  for (const pair of alignRecords(split.a, split.b, names)) {
    if ([pair.a, pair.b].some((record) => record && !isKnown(record.key))) continue;
    const found = pair.a === pair.b ? [] : comparePair(pair, request);
    if (found.length === 0) equal++;
    changes.push(...found);
  }
  return { changes, equal };
}

function comparePair({ a, b, reason }: Pair, request: ConcernRequest): readonly Change[] {
  const { concern } = request;
  if (!a || !b) {
    const record = (a ?? b) as PortraitRecord;
    const at = record.at ?? Object.values(record.fields).find((field) => field.at)?.at;
    const side = sideOf({ values: summaryOf(record, concern), ...(at ? { at } : {}) });
    const has = Object.keys(record.fields);
    const change = { concern, name: record.key, ...(a ? { a: side } : { b: side }), has };
    const preset = defaults[`${concern} ${record.key}`];
    const isDefault = preset !== undefined && preset === record.fields.value?.values.join(' ');
    return [isDefault ? { ...change, class: 'equivalent', reason: 'the default' } : { ...change, class: 'drift' }];
  }
  const base = { concern, name: a.key, ...(a.key === b.key ? {} : { otherName: b.key }) };
  const named: readonly Change[] =
    a.key === b.key
      ? []
      : [
          {
            ...base,
            field: 'name',
            a: { values: [a.key], ...(a.at ? { at: a.at } : {}) },
            b: { values: [b.key], ...(b.at ? { at: b.at } : {}) },
            class: 'equivalent',
            ...(reason === undefined ? {} : { reason }),
          },
        ];
  const fields = comparableFields(a, b);
  return [...named, ...fields.flatMap((field) => compareField(field, a, b, base, request))];
}

/** A unit that one side refuses or masks has no directives there that could be compared; its state says as much. */
function comparableFields(a: PortraitRecord, b: PortraitRecord): readonly string[] {
  const fields = [...new Set([...Object.keys(a.fields), ...Object.keys(b.fields)])];
  if (!a.fields.load && !b.fields.load) return fields;
  const isSameState = isSame(a.fields.state?.values ?? [], b.fields.state?.values ?? []);
  return fields.filter((field) => field === (isSameState ? 'load' : 'state'));
}

function compareField(
  field: string,
  a: PortraitRecord,
  b: PortraitRecord,
  base: Pick<Change, 'concern' | 'name' | 'otherName'>,
  { concern, isAcross }: ConcernRequest,
): readonly Change[] {
  const [ours, theirs] = [a.fields[field], b.fields[field]];
  if (ours && theirs && isSame(ours.values, theirs.values)) return [];
  const [x, y] = [a, b].map(({ key, fields }) =>
    canonicalForm(fields[field]?.values, {
      concern,
      name: key,
      field,
      isAcross,
      valuesOf: (other) => fields[other]?.values,
    }),
  );
  return [
    {
      ...base,
      field,
      ...(ours ? { a: sideOf(ours, a) } : {}),
      ...(theirs ? { b: sideOf(theirs, b) } : {}),
      ...(x === y
        ? { class: 'equivalent', reason: ours && theirs ? 'the same in another form' : 'the default' }
        : { class: 'drift' }),
    },
  ];
}

function sideOf({ values, at }: Field, record?: PortraitRecord): ChangeSide {
  const place = at ?? record?.at;
  return { values, ...(place ? { at: place } : {}) };
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/** What holds where nobody says anything: flags of k3s (docs.k3s.io/cli/server). */
const defaults: Readonly<Record<string, string>> = {
  'k3s --cluster-cidr': '10.42.0.0/16',
  'k3s --service-cidr': '10.43.0.0/16',
  'k3s --cluster-dns': '10.43.0.10',
  'k3s --cluster-domain': 'cluster.local',
  'k3s --data-dir': '/var/lib/rancher/k3s',
  'k3s --flannel-backend': 'vxlan',
  'k3s --https-listen-port': '6443',
  'k3s --service-node-port-range': '30000-32767',
};

/** Fields that say most of a thing, by concern. */
const telling: Readonly<Record<string, readonly string[]>> = {
  units: ['state', 'alias of'],
  users: ['uid', 'shell', 'password'],
  boot: ['content', 'size', 'label', 'device', 'program', 'architecture', 'value'],
};

/** What a thing that only one side has says of itself: of one field its values, of several those that tell most. */
function summaryOf({ fields }: PortraitRecord, concern: string): readonly string[] {
  const entries = Object.entries(fields);
  const [only] = entries;
  if (entries.length === 1 && only) return only[1].values;
  const wanted = telling[concern];
  return entries
    .filter(([name]) => !wanted || wanted.includes(name))
    .map(([name, { values }]) => `${name} ${values.join(' ')}`);
}
