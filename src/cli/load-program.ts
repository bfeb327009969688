/**
 * Loads the program. Compiling its text takes Node longer than judging an image, so what V8 compiled for a command is kept
 * beside the program for the next run of it, as Python keeps its bytecode: written by the first run that may write there, and taken
 * by V8 only for the same text, version and flags. Without it (an installation that is read-only) all is the same, but slower.
 */
const fs = process.getBuiltinModule('node:fs');
const vm = process.getBuiltinModule('node:vm');

/** Put in by the build: the file of the program, named by its content. */
declare const CHECK_IMAGE_PROGRAM: string;

/** What the program can be asked to do. */
type Exports = Partial<typeof import('./main.ts')>;

/** The file of the program is one function of these. */
type Program = (require: (name: string) => unknown, module: { exports: Exports }, programUrl: string) => void;

export interface LoadedProgram {
  readonly program: Exports;
  /** Keeps what was compiled up to now, unless it was kept already. */
  readonly keep: () => void;
}

/**
 * The V8 of Node 20 optimises a function when this much of it has run, 67,584 unless told. A run is over before most of that pays:
 * it takes a fifth of the processor's time. What takes long is optimised some milliseconds later. Later ones have a compiler in between.
 */
const optimiseLater = '--interrupt-budget=400000';

/** Kept files of all commands and versions of Node; no installation has more that it needs. */
const MAX_KEPT = 64;

const file = new URL(CHECK_IMAGE_PROGRAM, import.meta.url);
const folder = new URL('compiled/', import.meta.url);

/** `command`: for which command the program is wanted; `judge` for the gate, which has no word. */
export function loadProgram(command: string): LoadedProgram {
  if (process.versions.v8.startsWith('11.')) process.getBuiltinModule('node:v8').setFlagsFromString(optimiseLater);
  const kept = new URL(`${CHECK_IMAGE_PROGRAM}-${process.versions.v8}-${process.arch}-${command}`, folder);
  const cachedData = fs.existsSync(kept) ? fs.readFileSync(kept) : undefined;
  const script = new vm.Script(fs.readFileSync(file, 'latin1'), {
    filename: file.href,
    ...(cachedData ? { cachedData } : {}),
  });
  const define: Program = script.runInThisContext();
  const module: Parameters<Program>[1] = { exports: {} };
  define(process.getBuiltinModule, module, file.href);
  const isKept = cachedData !== undefined && script.cachedDataRejected !== true;
  return { program: module.exports, keep: () => (isKept ? undefined : keepCompiled(script, kept)) };
}

/** Nothing is lost if this cannot be done. */
function keepCompiled(script: InstanceType<typeof vm.Script>, kept: URL): void {
  const part = new URL(`${kept.href}-${process.pid}`);
  try {
    fs.mkdirSync(folder, { recursive: true });
    if (fs.readdirSync(folder).length >= MAX_KEPT) return;
    fs.writeFileSync(part, script.createCachedData(), { flag: 'wx' });
    fs.renameSync(part, kept);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}
