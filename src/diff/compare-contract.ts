/** One image against its contract: every check it fails is a difference between what is and what is wanted. */
import type { Change } from './change.ts';
import type { DiffOptions } from './compare-portraits.ts';
import { type DiffResult, exitCodeOf, type Unverified } from './diff-result.ts';
import { findExpired } from './differences/expired-waivers.ts';
import { findListed } from './differences/list-difference.ts';
import { listedAs } from './listed-as.ts';
import type { Portrait, PortraitVerdict } from './portrait/portrait.ts';

/** Side A is the image, side B the contract. */
export function compareContract(image: Portrait, { failOn, tool, waivers, today }: DiffOptions): DiffResult {
  const { platform, contract, verdicts, damage } = image;
  const platforms = { a: platform, b: platform };
  const changes = verdicts
    .filter(({ status }) => status === 'fail')
    .map(contractChange)
    .map((change) => listedAs(change, findListed(change, waivers, platforms, today)));
  const classes = { noise: 0, equivalent: 0, intended: 0, drift: 0, breaking: 0 };
  for (const change of changes) classes[change.class]++;
  const count = (status: PortraitVerdict['status']): number => verdicts.filter((one) => one.status === status).length;
  const counted = { pass: count('pass'), fail: count('fail'), unknown: count('unknown'), skip: count('skip') };
  const unverified: readonly Unverified[] = [
    ...verdicts
      .filter(({ severity, isInconclusive }) => severity === 'must' && isInconclusive)
      .map(({ id, message = '' }) => ({ side: 'a' as const, concern: 'contract', message: `${id}: ${message}` })),
    ...damage.map(({ message, at }) => ({ side: 'a' as const, concern: 'image', message, ...(at ? { at } : {}) })),
  ];
  const result = {
    tool,
    a: { image: image.image, platform, system: image.system, parameters: contract.parameters, verdicts: counted },
    b: {
      image: `${contract.name} ${contract.version}`,
      platform: 'contract',
      system: [],
      parameters: {},
      verdicts: { pass: 0, fail: 0, unknown: 0, skip: 0 },
    },
    contract: { name: contract.name, version: contract.version },
    changes,
    counts: [{ concern: 'contract', title: 'contract', equal: counted.pass, classes }],
    unverified,
    upkeep: findExpired(waivers, today),
    failOn,
  };
  return { ...result, exitCode: exitCodeOf(result) };
}

function contractChange({ id, title, severity, message, expected, found, places }: PortraitVerdict): Change {
  return {
    concern: 'contract',
    name: id,
    field: title,
    a: { values: [found ?? message ?? 'fails'], ...(places[0] ? { at: places[0] } : {}) },
    b: { values: [expected ?? 'passes'] },
    class: severity === 'must' ? 'breaking' : 'drift',
    ...(message === undefined ? {} : { reason: message }),
    checks: [id],
  };
}
