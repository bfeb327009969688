/** Judges one image: opens it, reads the facts the contract asks for, evaluates, puts the waivers on. */
import type { ClusterNode } from '../../checks/cluster/cluster-node.ts';
import { evaluate } from '../../checks/evaluate.ts';
import { addLint } from '../../checks/lint/run-lint.ts';
import { readAhead } from '../../checks/read-ahead.ts';
import { countResults, type ImageResult, type Judgement } from '../../checks/result.ts';
import { describeSystem } from '../../checks/subject.ts';
import { asImageError } from '../../errors.ts';
import type { FactStore } from '../../facts/fact-store.ts';
import { openFacts } from '../../facts/read-facts.ts';
import type { OpenedImage } from '../../root/open-image.ts';
import { readVerified } from '../../root/verified.ts';
import { describeBoot, describeLayers, describePartitions } from '../describe-layers.ts';
import { baseName } from '../host-files.ts';
import { suggestImage } from '../missing-image.ts';
import { openAddressed } from '../open-target.ts';
import type { JudgePlan } from './judge-plan.ts';
import { selectFrom } from './select-from.ts';

/** An image that cannot be opened is a result too: its siblings are still judged. `onProgress` as in OpenImageOptions. */
export async function judgeImage(
  path: string,
  plan: JudgePlan,
  onProgress: (done: number, total: number) => void,
): Promise<ImageResult> {
  try {
    return await readVerified(
      (decoding) => openAddressed(path, { ...plan.open, decoding, onProgress }),
      (image) => judgeOpened(image, plan),
    );
  } catch (thrown) {
    const { code, message, location, remedy = suggest(code, path) } = asImageError(thrown);
    const error = { code, message, ...(location ? { location } : {}), ...(remedy === undefined ? {} : { remedy }) };
    return { state: 'unreadable', subject: { label: baseName(path), layers: [], system: [] }, error };
  }
}

const suggest = (code: string, path: string): string | undefined =>
  code === 'host/enoent' ? suggestImage(path) : undefined;

async function judgeOpened(image: OpenedImage, plan: JudgePlan): Promise<ImageResult> {
  const { contract, set } = plan;
  const facts = openFacts(image);
  const { selection, lint } = await selectFrom(plan);
  await readAhead(contract, facts, selection.isSelected);
  const judged = await evaluate(contract, facts, { set, ...selection });
  const all = lint && lint.rules.length > 0 ? await addLint(judged, lint, facts, selection) : judged;
  const judgement = await waive(all, image, facts, plan);
  const subject = {
    label: image.label,
    layers: describeLayers(image),
    system: await describeSystem(facts),
    partitions: describePartitions(image),
    boot: describeBoot(image),
  };
  const counts = countResults(judgement.results);
  const node = plan.describesNode ? await describe(facts) : undefined;
  const diagnostics = [...image.diagnostics];
  return { state: 'judged', subject, judgement, counts, diagnostics, ...(node ? { node } : {}) };
}

async function describe(facts: FactStore): Promise<ClusterNode | undefined> {
  const { describeNode } = await import('../../checks/cluster/describe-node.ts');
  return describeNode(facts);
}

async function waive(
  judgement: Judgement,
  { label, view }: OpenedImage,
  facts: FactStore,
  { waivers, today }: JudgePlan,
): Promise<Judgement> {
  if (waivers.length === 0) return judgement;
  const { applyWaivers } = await import('../../checks/waivers/apply-waivers.ts');
  const belongsTo = waivers.some((waiver) => waiver.package)
    ? await (await import('../package-places.ts')).packagePlaces(view, facts)
    : () => false;
  return { ...judgement, results: applyWaivers(judgement.results, waivers, { label, belongsTo }, today) };
}
