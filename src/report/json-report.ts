/** Everything the run found out, as JSON: schemas/report-1.schema.json. Keys come in one order, whoever made the result. */
import type { BoundParameter } from '../checks/binding.ts';
import type { CheckResult, Evidence, Verdict, Waiver } from '../checks/check.ts';
import type { ClusterNode, Told } from '../checks/cluster/cluster-node.ts';
import { type ImageResult, severityOf } from '../checks/result.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { formatLocation, type Location } from '../location.ts';
import { formatJson } from './escape.ts';
import type { Reporter } from './reporter.ts';

export const jsonReporter: Reporter = {
  render: ({ tool, images, upkeep, clusters, strictness, shard, exitCode }) =>
    formatJson({
      schema: 'check-image/report-1',
      tool,
      exitCode,
      strictness,
      shard,
      images: images.map(imageJson),
      clusters: clusters?.map(({ nodes, results }) => ({
        nodes: nodes.map(({ image, role, name }) => ({ image, role, name })),
        results: results.map(resultJson),
      })),
      upkeep: upkeep?.map(resultJson),
    }),
};

/** What is undefined is left out by JSON. */
function imageJson(image: ImageResult): object {
  const { label, layers, system, partitions, boot } = image.subject;
  if (image.state === 'unreadable') {
    const { code, message, location, remedy } = image.error;
    return { image: label, state: image.state, error: { code, message, remedy, location: placeJson(location) } };
  }
  const { contract, parameters, lint, results } = image.judgement;
  return {
    image: label,
    state: image.state,
    layers,
    system,
    partitions: partitions?.map(({ name, content, size, mount }) => ({ name, content, size, mount })),
    boot: boot?.map(({ title, text }) => ({ title, text })),
    contract: { name: contract.name, version: contract.version, title: contract.title },
    parameters: parameters.map(parameterJson),
    lint: lint && { profiles: lint.profiles, cost: lint.cost, rules: lint.rules, dearer: lint.dearer },
    node: image.node && nodeJson(image.node),
    counts: image.counts,
    results: results.map(resultJson),
    diagnostics: image.diagnostics.map(diagnosticJson),
  };
}

function nodeJson(node: ClusterNode): object {
  const { role, name, machineId, addresses, aliases, version, tokens, joins, starts, ranges, vlans, incomplete } = node;
  return {
    role,
    name: name && toldJson(name),
    machineId: machineId && toldJson(machineId),
    addresses: addresses.map(toldJson),
    aliases,
    version: version && toldJson(version),
    tokens: tokens.map((token) => ({ for: token.for, ...toldJson(token) })),
    joins: joins && toldJson(joins),
    starts: placeJson(starts),
    ranges: ranges.map(({ flag, value, location }) => ({ flag, value, location: placeJson(location) })),
    vlans: vlans.map((vlan) => ({ interface: vlan.interface, ...toldJson(vlan) })),
    incomplete,
  };
}

function toldJson({ value, location }: Told): object {
  return { value, location: locationJson(location) };
}

/** The location's parts, and its one-line form. */
function locationJson(location: Location): object {
  const { source, path, line, column, offset } = location;
  return { text: formatLocation(location), source, path, line, column, offset };
}

function placeJson(location: Location | undefined): object | undefined {
  return location && locationJson(location);
}

function evidenceJson({ role, location, excerpt }: Evidence): object {
  return { role, excerpt, location: locationJson(location) };
}

function parameterJson({ name, value, origin, damage, evidence }: BoundParameter): object {
  return { name, value, origin, damage, evidence: evidence.map(evidenceJson) };
}

function resultJson(result: CheckResult): object {
  const { id, origin, subject, title, many, why, fix, references, basis, contract, verdict, waiver } = result;
  const isGraded = verdict.status === 'fail' && verdict.severity !== undefined;
  return {
    id,
    origin,
    subject: subject && { kind: subject.kind, name: subject.name },
    title,
    many,
    severity: severityOf(result),
    declaredSeverity: isGraded ? result.severity : undefined,
    why,
    fix,
    references,
    basis,
    contract: placeJson(contract),
    ...verdictJson(verdict),
    waiver: waiver && waiverJson(waiver),
  };
}

function verdictJson(verdict: Verdict): object {
  const { status } = verdict;
  if (status === 'skip') return { status, reason: verdict.reason };
  const evidence = verdict.evidence?.map(evidenceJson);
  if (status === 'pass') return { status, note: verdict.note, evidence };
  if (status === 'unknown') return { status, kind: verdict.kind, message: verdict.message, evidence };
  const { message, expected, found, remedy } = verdict;
  return { status, message, expected, found, remedy, evidence };
}

function waiverJson({ by, reason, owner, expires, location }: Waiver): object {
  return { by, reason, owner, expires, location: locationJson(location) };
}

function diagnosticJson({ level, code, message, location, touches }: Diagnostic): object {
  return { level, code, message, location: placeJson(location), touches };
}
