/** Everything the run found out, as JSON: schemas/report-1.schema.json. */
import type { CheckResult, Evidence, Severity, Verdict } from '../checks/check.ts';
import { type ImageResult, severityOf } from '../checks/result.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { formatLocation, type Location } from '../location.ts';
import { formatJson } from './escape.ts';
import type { Reporter } from './reporter.ts';

export const jsonReporter: Reporter = {
  render: ({ tool, images, upkeep, exitCode }) =>
    formatJson({
      schema: 'check-image/report-1',
      tool,
      exitCode,
      images: images.map(imageJson),
      ...(upkeep ? { upkeep: upkeep.map(resultJson) } : {}),
    }),
};

function imageJson(image: ImageResult): object {
  const { label, layers, system } = image.subject;
  if (image.state === 'unreadable') {
    const { location, ...error } = image.error;
    return {
      image: label,
      state: image.state,
      error: { ...error, ...(location ? { location: locationJson(location) } : {}) },
    };
  }
  const { contract, parameters, results, lint } = image.judgement;
  return {
    image: label,
    state: image.state,
    layers,
    system,
    contract,
    parameters: parameters.map(({ evidence, ...parameter }) => ({
      ...parameter,
      evidence: evidence.map(evidenceJson),
    })),
    ...(lint ? { lint } : {}),
    counts: image.counts,
    results: results.map(resultJson),
    diagnostics: image.diagnostics.map(diagnosticJson),
  };
}

/** The location's parts, and its one-line form. */
function locationJson(location: Location): object {
  return { text: formatLocation(location), ...location };
}

function evidenceJson({ location, ...evidence }: Evidence): object {
  return { ...evidence, location: locationJson(location) };
}

function resultJson(result: CheckResult): object {
  const { verdict, contract, waiver, many: _many, ...rest } = result;
  const {
    severity: _,
    evidence,
    ...said
  } = verdict as Verdict & { severity?: Severity; evidence?: readonly Evidence[] };
  return {
    ...rest,
    severity: severityOf(result),
    ...(contract ? { contract: locationJson(contract) } : {}),
    ...said,
    ...(evidence ? { evidence: evidence.map(evidenceJson) } : {}),
    ...(waiver ? { waiver: { ...waiver, location: locationJson(waiver.location) } } : {}),
  };
}

function diagnosticJson({ location, ...diagnostic }: Diagnostic): object {
  return { ...diagnostic, ...(location ? { location: locationJson(location) } : {}) };
}
