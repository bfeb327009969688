/** The work of `inspect`. */
import { hintFor } from '../../checks/language/nearest-name.ts';
import type { ExitCode } from '../../checks/result.ts';
import { asImageError } from '../../errors.ts';
import type { FactId } from '../../facts/fact.ts';
import type { FactStore } from '../../facts/fact-store.ts';
import { keyedFacts, listFacts, openFacts, readFacts } from '../../facts/read-facts.ts';
import { formatCompactJson, formatJson } from '../../report/escape.ts';
import { formatInspection, formatLayers } from '../../report/reader/format-inspection.ts';
import type { Inspection } from '../../report/reader/inspection.ts';
import type { Layer } from '../../root/layer.ts';
import { type OpenedImage, type OpenImageOptions, readLayers } from '../../root/open-image.ts';
import { readVerified } from '../../root/verified.ts';
import { isFile, openAddressed } from '../open-target.ts';
import { Outcome } from '../outcome.ts';
import { readOverview } from '../overview.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { readTargetOptions } from './image-options.ts';
import type { InspectOptions } from './inspect.ts';

interface FactQuestion {
  readonly id: FactId;
  readonly key: string;
}

export async function inspectImages(
  images: readonly string[],
  options: InspectOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (options.facts) return printPortrait(images, options, terminal);
  const target = readTargetOptions(options, true);
  const questions = options.fact.map(parseQuestion);
  const outcome = new Outcome(terminal);
  for (const path of images) {
    try {
      const text = await readVerified(
        (decoding) => openAddressed(path, { ...target, decoding, verify: options.verify }),
        (image) => inspect(image, options, questions),
      );
      terminal.out(text);
    } catch (thrown) {
      if (!options.json && questions.length === 0) await printLayers(path, thrown, target, terminal);
      outcome.unreadable(path, thrown);
    }
  }
  return outcome.exitCode;
}

/** An image without a root is something all the same: a kernel image, an update, a container of data. */
async function printLayers(path: string, thrown: unknown, target: OpenImageOptions, terminal: Terminal): Promise<void> {
  if (asImageError(thrown).code !== 'root/no-root' || !isFile(path)) return;
  const { layer, diagnostics } = await readLayers(path, target);
  terminal.out(formatLayers(withoutDetails(layer), diagnostics));
}

async function printPortrait(
  images: readonly string[],
  options: InspectOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const [path] = images;
  if (path === undefined || images.length > 1) throw new UsageError('--facts takes one image');
  if (options.json || options.fact.length > 0) throw new UsageError('--facts goes without --json and --fact');
  const [{ readImageSide }, { readVerdictRequest }] = await Promise.all([
    import('../diff/read-side.ts'),
    import('../diff/verdict-request.ts'),
  ]);
  const target = readTargetOptions(options, true);
  const portrait = await readImageSide({ path, target, ...(await readVerdictRequest(options)) });
  terminal.out(formatCompactJson(portrait));
  return 0;
}

async function inspect(
  image: OpenedImage,
  { json, format }: InspectOptions,
  questions: readonly FactQuestion[],
): Promise<string> {
  const facts = openFacts(image);
  await facts.prepare(questions.map(({ id }) => id));
  if (questions.length > 0) return questions.map(({ id, key }) => formatJson(facts.get(id, key))).join('');
  const inspection = { ...describe(image, facts), overview: await readOverview(facts) };
  if (!json && format !== 'json') return formatInspection(inspection);
  return formatJson({ format: 'check-image inspect', version: 1, ...inspection, facts: await readFacts(facts) });
}

/** `unit=ssh.service`; throws UsageError. */
function parseQuestion(text: string): FactQuestion {
  const equals = text.indexOf('=');
  const id = equals < 0 ? text : text.slice(0, equals);
  const ids = listFacts();
  if (!isFactId(id)) throw new UsageError(`there is no fact ${id}`, hintFor(id, ids) ?? `known are ${ids.join(', ')}`);
  if (keyedFacts.has(id) && equals < 0)
    throw new UsageError(`the fact ${id} is asked for by name`, `write --fact ${id}=...`);
  return { id, key: equals < 0 ? '' : text.slice(equals + 1) };
}

function isFactId(id: string): id is FactId {
  return (listFacts() as readonly string[]).includes(id);
}

function describe(image: OpenedImage, facts: FactStore): Omit<Inspection, 'overview'> {
  const { label, layer, root, view, slots, bootMenus, bootEntry } = image;
  const platform = facts.get('platform').value;
  return {
    label,
    layer: withoutDetails(layer),
    root: { device: root.device.label, because: root.because },
    mounts: view.mounts.flatMap(({ path, fileSystem, because, standing, isPart }) =>
      isPart
        ? []
        : {
            path,
            source: fileSystem.label,
            format: fileSystem.format,
            ...(because === undefined ? {} : { because }),
            ...(typeof standing === 'string' ? { standing } : {}),
          },
    ),
    slots,
    boot: {
      loaders: bootMenus.map(({ loader, location, entries }) => ({ loader, location, entries: entries.length })),
      ...(bootEntry ? { entry: bootEntry } : {}),
    },
    platform,
    sideFiles: image.facts.sideFiles.map(({ kind, name }) => ({ kind, name })),
    diagnostics: image.diagnostics,
  };
}

/** Diagnostics are listed once, for the whole image. */
function withoutDetails(layer: Layer): Layer {
  return { ...layer, diagnostics: [], children: layer.children.map(withoutDetails) };
}
