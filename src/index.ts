/**
 * The library: what the command line is made of, for programs that judge images themselves. An image is opened, asked for facts,
 * held against a contract; a run is rendered in any report format. Errors: ImageError (no verdict), ContractError (the contract
 * cannot be meant as it is); anything else that is thrown is a bug.
 */
import type { Contract } from './checks/contract.ts';
import { loadContract as load } from './checks/language/load-contract.ts';
import { contractFiles } from './cli/contract-files.ts';

export type { CheckResult, Evidence, Severity, Verdict, Waiver } from './checks/check.ts';
export type { Contract } from './checks/contract.ts';
export { ContractError, type ContractProblem } from './checks/contract-error.ts';
export { type EvaluateOptions, evaluate, type FactSource } from './checks/evaluate.ts';
export type { ExitCode, ImageResult, Judgement, RunResult, Strictness, Subject } from './checks/result.ts';
export { type DiffPathsOptions, diff } from './cli/diff/diff-paths.ts';
export { type JudgeRunOptions, judge } from './cli/judging/judge-run.ts';
export type { Diagnostic } from './diagnostic.ts';
export type { Change, ChangeClass } from './diff/change.ts';
export type { DiffResult } from './diff/diff-result.ts';
export { ImageError, type ImageErrorKind } from './errors.ts';
export type { FactId, FactResult, Gap } from './facts/fact.ts';
export type { FactStore } from './facts/fact-store.ts';
export type { FactTypes } from './facts/fact-types.ts';
export { type Facts, listFacts, openFacts, readFacts } from './facts/read-facts.ts';
export { defaultLimits, type Limits } from './limits.ts';
export { formatLocation, type Location } from './location.ts';
export { parseReport } from './report/parse-report.ts';
export { listFormats, render } from './report/render.ts';
export type { RenderOptions } from './report/reporter.ts';
export { type OpenedImage, type OpenImageOptions, openImage } from './root/open-image.ts';
export type { RootView } from './root/root-view.ts';

/** A built-in contract by its name, or one from a YAML file. Throws ContractError. */
export function loadContract(name: string): Promise<Contract> {
  return load(name, contractFiles);
}
