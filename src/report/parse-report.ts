/**
 * Reads a JSON report back: schemas/report-1.schema.json. What it says of itself must follow from its results: counts and
 * exit code are held against them, so that a report that was cut, edited or made up does not turn into a verdict.
 */
import validate from 'validator:report-1';
import type { CheckResult, Evidence, Severity, Verdict, Waiver } from '../checks/check.ts';
import type { ClusterNode, Told } from '../checks/cluster/cluster-node.ts';
import type { ClusterResult } from '../checks/cluster/judge-clusters.ts';
import { ContractError } from '../checks/contract-error.ts';
import { parseOwnFile } from '../checks/parse-own-file.ts';
import {
  type Counts,
  countResults,
  exitCodeOfRun,
  type ImageResult,
  type Judgement,
  type RunResult,
  type Subject,
} from '../checks/result.ts';
import type { Diagnostic } from '../diagnostic.ts';
import type { Location } from '../location.ts';

type LocationJson = Location & { readonly text: string };

interface ResultJson extends Pick<CheckResult, 'origin' | 'subject' | 'many' | 'basis'> {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly declaredSeverity?: Severity;
  readonly why?: string;
  readonly fix?: string;
  readonly references: readonly string[];
  readonly contract?: LocationJson;
  readonly status: Verdict['status'];
  readonly note?: string;
  readonly message?: string;
  readonly expected?: string;
  readonly found?: string;
  readonly remedy?: string;
  readonly reason?: string;
  readonly kind?: 'undecidable' | 'inconclusive';
  readonly evidence?: readonly Evidence[];
  readonly waiver?: Waiver;
}

type ImageJson =
  | ({
      readonly image: string;
      readonly state: 'judged';
      readonly counts: Counts;
      readonly results: readonly ResultJson[];
      readonly diagnostics: readonly Diagnostic[];
      readonly node?: ClusterNode;
    } & Omit<Subject, 'label'> &
      Omit<Judgement, 'results'>)
  | { readonly image: string; readonly state: 'unreadable'; readonly error: UnreadableError };

type UnreadableError = Extract<ImageResult, { state: 'unreadable' }>['error'];

interface ClusterJson extends Omit<ClusterResult, 'results'> {
  readonly results: readonly ResultJson[];
}

type ReportJson = Omit<RunResult, 'images' | 'upkeep' | 'clusters'> & {
  readonly images: readonly ImageJson[];
  readonly upkeep?: readonly ResultJson[];
  readonly clusters?: readonly ClusterJson[];
};

/** Throws ContractError. `label` is what messages call the report. */
export function parseReport(text: string, label: string): RunResult {
  const refuse = (message: string): ContractError => new ContractError([{ message, location: { source: label } }]);
  const { images, upkeep, clusters, ...report } = parseOwnFile(text, label, 'the report', validate) as ReportJson;
  const { tool, strictness, shard, exitCode } = report;
  const run = {
    tool,
    images: images.map((image) => parseImage(image, refuse)),
    ...(upkeep ? { upkeep: upkeep.map(parseResult) } : {}),
    ...(clusters ? { clusters: clusters.map((one) => ({ ...one, results: one.results.map(parseResult) })) } : {}),
    ...(strictness ? { strictness } : {}),
    ...(shard ? { shard } : {}),
    exitCode,
  };
  if (strictness && exitCodeOfRun({ ...run, strictness }) !== exitCode)
    throw refuse(`the exit code ${exitCode} does not follow from the results`);
  return run;
}

function parseImage(image: ImageJson, refuse: (message: string) => ContractError): ImageResult {
  if (image.state === 'unreadable') {
    const { error } = image;
    return {
      state: 'unreadable',
      subject: { label: image.image, layers: [], system: [] },
      error: { ...error, ...placeOf(error) },
    };
  }
  const { image: label, layers, system, partitions, boot, contract, parameters, lint, diagnostics, node } = image;
  const results = image.results.map(parseResult);
  const counts = countResults(results);
  if (Object.entries(counts).some(([name, count]) => image.counts[name as keyof Counts] !== count))
    throw refuse(`the counts of ${label} do not follow from its results`);
  return {
    state: 'judged',
    subject: { label, layers, system, ...(partitions ? { partitions } : {}), ...(boot ? { boot } : {}) },
    judgement: {
      contract,
      parameters: parameters.map(({ value, ...one }) => ({ ...one, value, evidence: one.evidence.map(parseEvidence) })),
      results,
      ...(lint ? { lint } : {}),
    },
    counts,
    diagnostics: diagnostics.map((one) => ({ ...one, ...placeOf(one) })),
    ...(node ? { node: parseNode(node) } : {}),
  };
}

function parseNode(node: ClusterNode): ClusterNode {
  const { name, machineId, addresses, version, tokens, joins, starts, ranges, vlans } = node;
  const told = <T extends Told>(one: T): T => ({ ...one, location: parseLocation(one.location) });
  return {
    ...node,
    ...(name ? { name: told(name) } : {}),
    ...(machineId ? { machineId: told(machineId) } : {}),
    addresses: addresses.map(told),
    ...(version ? { version: told(version) } : {}),
    tokens: tokens.map(told),
    ...(joins ? { joins: told(joins) } : {}),
    ...(starts ? { starts: parseLocation(starts) } : {}),
    ranges: ranges.map((range) => ({ ...range, ...placeOf(range) })),
    vlans: vlans.map(told),
  };
}

function parseResult(json: ResultJson): CheckResult {
  const { id, origin, subject, title, many, severity, declaredSeverity = severity, why, fix } = json;
  const { references, contract, waiver, basis } = json;
  return {
    id,
    ...(origin ? { origin } : {}),
    ...(subject ? { subject } : {}),
    title,
    ...(many === undefined ? {} : { many }),
    severity: declaredSeverity,
    ...(why === undefined ? {} : { why }),
    ...(fix === undefined ? {} : { fix }),
    references,
    ...(contract ? { contract: parseLocation(contract) } : {}),
    verdict: parseVerdict(json),
    ...(basis === undefined ? {} : { basis }),
    ...(waiver && json.status === 'fail' ? { waiver: { ...waiver, ...placeOf(waiver) } } : {}),
  };
}

/** The schema holds each status to the texts it needs. */
function parseVerdict(json: ResultJson): Verdict {
  const { status, note, message = '', expected, found, remedy, reason = '', kind = 'inconclusive' } = json;
  const evidence = json.evidence?.map(parseEvidence);
  switch (status) {
    case 'pass':
      return { status, ...(note === undefined ? {} : { note }), ...(evidence ? { evidence } : {}) };
    case 'fail':
      return {
        status,
        message,
        ...(expected === undefined ? {} : { expected }),
        ...(found === undefined ? {} : { found }),
        evidence: evidence ?? [],
        ...(json.declaredSeverity === undefined ? {} : { severity: json.severity }),
        ...(remedy === undefined ? {} : { remedy }),
      };
    case 'unknown':
      return { status, kind, message, ...(evidence ? { evidence } : {}) };
    case 'skip':
      return { status, reason };
  }
}

function parseEvidence(evidence: Evidence): Evidence {
  return { ...evidence, location: parseLocation(evidence.location) };
}

function placeOf<L extends Location>({ location }: { readonly location?: L }): { readonly location?: Location } {
  return location ? { location: parseLocation(location) } : {};
}

/** The one-line form is made anew wherever it is shown. */
function parseLocation({ source, path, line, column, offset }: Location): Location {
  return {
    source,
    ...(path === undefined ? {} : { path }),
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
    ...(offset === undefined ? {} : { offset }),
  };
}
