/**
 * Which NixOS system is judged: what the user asks for, else what boots. Several systems and nobody to choose is the user's
 * decision, never a guess; a boot entry and a profile that name different systems are reported. Where what boots is not in the
 * store, the next system that is stands in, so that the rest of the image is judged too.
 */
import type { Diagnostic } from '../../diagnostic.ts';
import { ImageError } from '../../errors.ts';
import type { Location } from '../../location.ts';
import type { RootView } from '../root-view.ts';
import { isInStore } from './candidates.ts';
import { parseStorePath, storeDirectory, storeNameOf } from './store-path.ts';
import type { Generation, SystemCandidate, SystemRequest } from './system-candidate.ts';
import { isToplevel, listSpecialisations, toplevelOf } from './toplevel.ts';

export interface SystemChoice {
  readonly toplevel: string;
  /** Why this one, one phrase: `the boot entry nixos-generation-3.conf`. */
  readonly because: string;
  readonly generation?: number;
  readonly specialisation?: string;
  /** What boots, if it is not in the store: `toplevel` is then the next that something names. */
  readonly absent?: AbsentSystem;
  readonly diagnostics: readonly Diagnostic[];
}

export interface AbsentSystem {
  readonly toplevel: string;
  readonly because: string;
  readonly location: Location;
}

/** Chooses; ImageError `input` if that cannot be decided, or if what is asked for, or everything named, is not in the store. */
export function chooseSystem(
  view: RootView,
  candidates: readonly SystemCandidate[],
  generations: readonly Generation[],
  request: SystemRequest,
): SystemChoice {
  const base = chooseBase(view, candidates, generations, request);
  const [best] = candidates;
  const absent = best === base && !best.isInStore ? best : undefined;
  const { toplevel, because } = (absent && findStandIn(view, candidates, generations)) ?? base;
  if (!isInStore(view, toplevel))
    throw missing(`${because} names ${toplevel}, which is not in the store`, candidates, generations);
  const special = request.specialisation;
  const chosen = special === undefined ? toplevel : findSpecialisation(view, toplevel, special);
  if (!isToplevel(view, chosen))
    throw missing(`${because} names ${chosen}, which is no NixOS system`, candidates, generations);
  const generation = generations.find((one) => one.toplevel === toplevel)?.number;
  return {
    toplevel: chosen,
    because,
    ...(generation === undefined ? {} : { generation }),
    ...(special === undefined ? {} : { specialisation: special }),
    ...(absent ? { absent: { toplevel: absent.toplevel, because: absent.because, location: absent.location } } : {}),
    diagnostics: absent ? [reportAbsent(absent, because, toplevel)] : findDisagreements(candidates),
  };
}

/** The next system in the store that something names, without a rival; else the highest generation that is there. */
function findStandIn(
  view: RootView,
  candidates: readonly SystemCandidate[],
  generations: readonly Generation[],
): Base | undefined {
  const next = candidates.find(({ isInStore: isThere }) => isThere);
  const isSure = next && candidates.every((one) => one.origin !== next.origin || one.toplevel === next.toplevel);
  if (isSure) return next;
  const generation = generations.find((one) => isInStore(view, one.toplevel));
  return generation && { toplevel: generation.toplevel, because: `generation ${generation.number}` };
}

function reportAbsent(absent: SystemCandidate, because: string, toplevel: string): Diagnostic {
  const message = `${absent.because} starts ${absent.toplevel}, which is not in the store; what is judged is ${toplevel} (${because})`;
  return { level: 'note', code: 'nixos/absent-system', message, location: absent.location };
}

interface Base {
  readonly toplevel: string;
  readonly because: string;
}

function chooseBase(
  view: RootView,
  candidates: readonly SystemCandidate[],
  generations: readonly Generation[],
  { system, generation: number }: SystemRequest,
): Base {
  if (system !== undefined) {
    const path = system.startsWith('/') ? followOwn(view, system) : `${storeDirectory}/${system}`;
    const toplevel = toplevelOf(path);
    if (toplevel === undefined) throw missing(`${system} is no store path`, candidates, generations);
    return { toplevel, because: `--system ${system}` };
  }
  if (number !== undefined) {
    const generation = generations.find((one) => one.number === number);
    if (!generation) throw missing(`the image has no generation ${number}`, candidates, generations);
    return { toplevel: generation.toplevel, because: `--generation ${number}` };
  }
  const [best] = candidates;
  if (!best) throw missing('the Nix store of the image holds no NixOS system', candidates, generations);
  const rivals = candidates.filter(({ origin }) => origin === best.origin);
  if (rivals.some(({ toplevel }) => toplevel !== best.toplevel)) throw ambiguous(rivals);
  return best;
}

/** A profile or another link counts as what it leads to. */
function followOwn(view: RootView, path: string): string {
  return parseStorePath(path) ? path : (view.find(path)?.path ?? path);
}

function findSpecialisation(view: RootView, toplevel: string, name: string): string {
  const all = listSpecialisations(view, toplevel);
  const found = all.get(name);
  if (found !== undefined) return found;
  const remedy = all.size > 0 ? `it has ${[...all.keys()].join(', ')}` : 'it has none';
  throw new ImageError(
    'input',
    'nixos/no-such-specialisation',
    `${storeNameOf(toplevel)} has no specialisation ${name}`,
    {
      remedy,
    },
  );
}

/** Sources that name another system than the best one does. */
function findDisagreements([best, ...others]: readonly SystemCandidate[]): Diagnostic[] {
  if (!best) return [];
  return others
    .filter(({ origin, toplevel }) => origin !== best.origin && toplevel !== best.toplevel)
    .map(({ because, toplevel, location }) => ({
      level: 'note',
      code: 'nixos/other-system',
      message: `${best.because} starts ${storeNameOf(best.toplevel)}, but ${because} names ${describe(toplevel, best.toplevel)}`,
      location,
    }));
}

/** By name, unless only the hashes differ. */
function describe(toplevel: string, other: string): string {
  const name = storeNameOf(toplevel);
  return name === storeNameOf(other) ? toplevel : name;
}

function ambiguous(rivals: readonly SystemCandidate[]): ImageError {
  const toplevels = [...new Set(rivals.map(({ toplevel }) => toplevel))];
  const message = `${toplevels.length} NixOS systems and nothing that says which one boots: ${toplevels.join(', ')}`;
  return new ImageError('input', 'nixos/ambiguous', message, {
    remedy: `choose with --system ${toplevels[0]?.slice(storeDirectory.length + 1) ?? 'PATH'}`,
    ...(rivals[0] ? { location: rivals[0].location } : {}),
  });
}

function missing(
  message: string,
  candidates: readonly SystemCandidate[],
  generations: readonly Generation[],
): ImageError {
  const numbered = new Set(generations.map(({ toplevel }) => toplevel));
  const there = candidates
    .filter(({ isInStore, toplevel }) => isInStore && !numbered.has(toplevel))
    .map(({ toplevel }) => toplevel);
  const numbers = generations.map(({ number, toplevel }) => `generation ${number} ${toplevel}`);
  const known = [...new Set([...numbers, ...there])];
  const [first] = candidates;
  return new ImageError('input', 'nixos/no-such-system', message, {
    ...(known.length > 0 ? { remedy: `the image has ${known.join(', ')}: choose with --generation or --system` } : {}),
    ...(first ? { location: first.location } : {}),
  });
}
