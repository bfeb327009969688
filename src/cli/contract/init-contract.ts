/** The work of `contract init`: drafts a contract from images, and keeps of it what every one of them passes. */
import { type DraftClaim, draftClaims, intersectClaims } from '../../checks/draft/draft-claims.ts';
import { evaluate } from '../../checks/evaluate.ts';
import { loadContract } from '../../checks/language/load-contract.ts';
import type { ExitCode } from '../../checks/result.ts';
import type { FactStore } from '../../facts/fact-store.ts';
import { openFacts } from '../../facts/read-facts.ts';
import { formatDraft } from '../../report/draft/format-draft.ts';
import { type OpenedImage, openImage } from '../../root/open-image.ts';
import { type ImageOptions, readTargetOptions } from '../commands/image-options.ts';
import type { Terminal } from '../terminal.ts';
import { nameFor } from './contract-name.ts';

export interface InitOptions extends ImageOptions {
  readonly also: readonly string[];
}

export async function initContract(path: string, options: InitOptions, terminal: Terminal): Promise<ExitCode> {
  const target = readTargetOptions(options, true);
  const name = nameFor(path);
  const opened: { readonly image: OpenedImage; readonly facts: FactStore }[] = [];
  try {
    for (const one of [path, ...options.also]) {
      const image = await openImage(one, target);
      opened.push({ image, facts: openFacts(image) });
    }
    const drafts: (readonly DraftClaim[])[] = [];
    for (const { facts } of opened) drafts.push(await draftClaims(facts));
    let claims = intersectClaims(drafts);
    const before = claims.length;
    for (const { facts } of opened) claims = await keepPassed(claims, facts);
    const k3s = opened.every(({ facts }) => ['server', 'agent'].includes(facts.get('k3s').value.role));
    terminal.out(
      formatDraft({ name, images: opened.map(({ image }) => image.label), ...(k3s ? { fits: 'k3s' } : {}), claims }),
    );
    const differing = (drafts[0]?.length ?? 0) - before;
    if (differing > 0) terminal.err(`check-image: left out, since the images differ in it: ${differing} claims\n`);
    if (before > claims.length)
      terminal.err(`check-image: left out, since they cannot be verified: ${before - claims.length} claims\n`);
    return claims.length > 0 ? 0 : 3;
  } finally {
    for (const { image } of opened) image.close();
  }
}

/** The claims an image passes when it is judged by them. */
async function keepPassed(claims: readonly DraftClaim[], facts: FactStore): Promise<readonly DraftClaim[]> {
  const text = formatDraft({ name: 'draft', images: ['draft'], claims });
  const contract = await loadContract('./draft', () => ({ text, label: 'draft', base: '' }));
  const { results } = await evaluate(contract, facts, { set: new Map() });
  const passed = new Set(results.filter(({ verdict }) => verdict.status === 'pass').map(({ title }) => title));
  return claims.filter(({ title }) => passed.has(title));
}
