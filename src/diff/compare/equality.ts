/**
 * What is equal to what, concern by concern: two values are the same if their canonical forms are. A field without a row compares
 * as text, less what only a build or a platform makes different.
 */
import { domains } from '../../checks/matchers/domain.ts';
import { parseDebianVersion } from '../../facts/packages/debian-version.ts';
import { parseTimeSpan } from '../../facts/systemd/values/time-span.ts';
import { canonicalDirective } from './directives.ts';
import { withoutPlatform, withoutStoreHashes } from './normal-text.ts';

export interface EqualityContext {
  readonly concern: string;
  /** Name of the record, as the side calls it whose value it is. */
  readonly name: string;
  readonly field: string;
  /** One side is NixOS, the other is not. */
  readonly isAcross: boolean;
  /** What the other fields of the record say. */
  readonly valuesOf?: (field: string) => readonly string[] | undefined;
}

/** The canonical form of what a field says; `undefined` values: it is not set. */
export type Canonical = (values: readonly string[] | undefined, context: EqualityContext) => string | undefined;

const asText: Canonical = (values, { isAcross }) =>
  values && JSON.stringify(values.map(isAcross ? withoutPlatform : withoutStoreHashes));

/** Order and repetition mean nothing. */
const asSet: Canonical = (values, context) => values && asText([...new Set(values)].sort(), context);

/** Of two platforms the upstream version counts: a revision belongs to the packaging. */
const asVersion: Canonical = (values, context) =>
  context.isAcross ? values && JSON.stringify(values.map(upstreamVersion)) : asText(values, context);

const asKernelValue: Canonical = (values) => values && domains.words.parse(values.join(' ')).key;

/** `defaults` says nothing. */
const asMountOptions: Canonical = (values, context) =>
  asSet(
    (values ?? []).filter((value) => value !== 'defaults'),
    context,
  );

const asAge: Canonical = (values, context) => {
  const [age] = values ?? [];
  const span = age === undefined ? undefined : parseTimeSpan(age);
  return span === undefined ? asText(values, context) : String(span);
};

/** What system.conf says: spans of time, and words. */
const asManagerSetting: Canonical = (values, context) =>
  context.name.endsWith('Sec') ? asAge(values, context) : asText(values, context);

/** By `concern field`, or by concern. */
const rows: Readonly<Record<string, Canonical>> = {
  'packages version': asVersion,
  'k3s value': asText,
  'mounts options': asMountOptions,
  'boot options': asMountOptions,
  'groups members': asSet,
  'network addresses': asSet,
  'network VLANs': asSet,
  'network members': asSet,
  'tmpfiles age': asAge,
  sysctl: asKernelValue,
  'system value': asManagerSetting,
  units: (values, { name, field, isAcross, valuesOf = () => undefined }) =>
    canonicalDirective(name, field, values?.map(isAcross ? withoutPlatform : withoutStoreHashes), valuesOf),
};

export const canonicalForm: Canonical = (values, context) => {
  const row = rows[`${context.concern} ${context.field}`] ?? rows[context.concern] ?? asText;
  return row(values, context);
};

/** `1:1.4.8-2` and `1.4.8` are one version, and so are `5.2p37` and `5.2.37`; what `+k3s1` adds belongs to the version. */
export function upstreamVersion(version: string): string {
  return parseDebianVersion(version)
    .upstream.replace(/[+~.](?:dfsg|ds|deb|really|git)[0-9a-z.]{0,32}$/, '')
    .replace(/(?<=[0-9])p(?=[0-9])/, '.');
}
