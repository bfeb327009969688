#!/usr/bin/env node
/**
 * Starts the program. Compiling its text takes Node longer than judging an image, so what V8 compiled for a command is kept
 * beside the program for the next run of it, as Python keeps its bytecode: written by the first run that may write there, and taken
 * by V8 only for the same text, version and flags. Without it (an installation that is read-only) all is the same, but slower.
 */
const fs = process.getBuiltinModule('node:fs');
const vm = process.getBuiltinModule('node:vm');

/** Put in by the build: the file of the program, named by its content. */
declare const CHECK_IMAGE_PROGRAM: string;

/** The file of the program is one function of these. */
type Program = (
  require: (name: string) => unknown,
  module: { exports: { readonly main?: () => Promise<number> } },
  programUrl: string,
) => void;

/** Kept files of all commands and versions of Node; no installation has more that it needs. */
const MAX_KEPT = 64;

const file = new URL(CHECK_IMAGE_PROGRAM, import.meta.url);
const folder = new URL('compiled/', import.meta.url);
const kept = new URL(`${CHECK_IMAGE_PROGRAM}-${process.versions.v8}-${process.arch}-${commandWord()}`, folder);

/** The command that was asked for; the gate has no word. */
function commandWord(): string {
  const [word = ''] = process.argv.slice(2);
  return /^[a-z]{2,12}$/.test(word) ? word : 'judge';
}

function readKept(): Buffer | undefined {
  return fs.existsSync(kept) ? fs.readFileSync(kept) : undefined;
}

/** Nothing is lost if this cannot be done. */
function keep(script: InstanceType<typeof vm.Script>): void {
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

const cachedData = readKept();
const script = new vm.Script(fs.readFileSync(file, 'latin1'), {
  filename: file.href,
  ...(cachedData ? { cachedData } : {}),
});
const program: Program = script.runInThisContext();
const module: Parameters<Program>[1] = { exports: {} };
program(process.getBuiltinModule, module, file.href);
process.on('exit', () => {
  // As late as can be: it holds what was compiled up to now.
  if (!cachedData || script.cachedDataRejected === true) keep(script);
});
process.exitCode = (await module.exports.main?.()) ?? 70;
