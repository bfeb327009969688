/**
 * What starts inside an initrd, and what it needs to: the kernel runs `/init`, that of initramfs-tools runs the scripts named in
 * `/scripts/<stage>/ORDER` (initramfs-tools(7)). Looked at are the program itself, its interpreter, and of scripts the programs
 * they take for granted: absolute paths, and names from a list that stands for no shell built-in and no applet of busybox.
 */
import { asImageError } from '../../errors.ts';
import type { Location } from '../../location.ts';
import type { RootView } from '../../root/root-view.ts';
import { readInterpreter } from '../elf/dynamic.ts';
import { detectElf, openElf } from '../elf/elf-file.ts';
import { readFileKind } from '../elf/file-kind.ts';
import type { InitrdLack } from './initrd-fact.ts';
import { findScriptCalls } from './script-calls.ts';

const initPath = '/init';
const scriptsFolder = '/scripts';
const searchPath = ['/sbin', '/usr/sbin', '/bin', '/usr/bin'];
/** Absolute paths below these are programs. */
const programPath = /^\/(?:usr\/)?(?:s?bin|lib)\/[\w./+-]+$/;
/** A script of this size is none. */
const MAX_SCRIPT = 1024 * 1024;
const MAX_SCRIPTS = 500;

/** Found where nothing else provides them. */
const ownPrograms = new Set([
  ...['run-init', 'udevadm', 'cryptsetup', 'veritysetup', 'integritysetup', 'lvm', 'vgchange', 'dmsetup', 'mdadm'],
  ...['e2fsck', 'resize2fs', 'mke2fs', 'btrfs', 'zpool', 'ubiattach', 'systemd-cryptsetup', 'jq', 'lsblk', 'ipconfig'],
]);
/** Applets of busybox, or of klibc where there is none. */
const smallPrograms = new Set([
  'mount',
  'umount',
  'mkdir',
  'ln',
  'cat',
  'sleep',
  'modprobe',
  'losetup',
  'mknod',
  'switch_root',
]);

/** What is missing, in the order it would be met. Damage is thrown. */
export function findInitrdLacks(view: RootView): readonly InitrdLack[] {
  const init = view.find(initPath);
  if (!init) return [{ program: initPath, because: 'the kernel starts it' }];
  const stat = init.fileSystem.stat(init.node);
  if (stat.type !== 'file' || (stat.mode & 0o111) === 0)
    return [
      { program: initPath, because: 'the kernel starts it, and it is no program', calledBy: view.locate(initPath) },
    ];
  const scripts = [initPath, ...listScripts(view)];
  return withoutRepeats(scripts.flatMap((path) => judgeProgram(view, path)));
}

/** Whether the archive has that path, or a program of that name. */
export function providesProgram(view: RootView, program: string): boolean {
  const paths = program.startsWith('/') ? [program] : searchPath.map((folder) => `${folder}/${program}`);
  return paths.some((path) => view.exists(path) !== 'no');
}

/** The scripts of initramfs-tools that run, by the lines of ORDER: `/scripts/init-top/udev "$@"`. */
function listScripts(view: RootView): string[] {
  const stages = view.list(scriptsFolder) ?? [];
  const paths = stages.flatMap(({ name }) =>
    [...(readScript(view, `${scriptsFolder}/${name}/ORDER`) ?? '').matchAll(/^(\/scripts\/[\w./+-]+)/gm)].map(
      ([, path = '']) => path,
    ),
  );
  return paths.slice(0, MAX_SCRIPTS);
}

function judgeProgram(view: RootView, path: string): InitrdLack[] {
  const found = view.find(path);
  if (found?.fileSystem.stat(found.node).type !== 'file') return [{ program: path, because: 'ORDER names it' }];
  const source = view.open(path);
  const calledBy = view.locate(path);
  if (detectElf(source)) {
    const interpreter = readInterpreter(openElf(source));
    return interpreter === undefined || view.exists(interpreter) !== 'no'
      ? []
      : [{ program: interpreter, because: `${path} is started by it`, calledBy }];
  }
  const interpreter = readFileKind(source).shebang?.trim().split(/\s+/)[0];
  const lacks: InitrdLack[] = [];
  if (interpreter?.startsWith('/') && view.exists(interpreter) === 'no')
    lacks.push({ program: interpreter, because: `${path} is started by it`, calledBy });
  const isShell = interpreter === undefined || /(?:^|\/)(?:ba|da|a)?sh$/.test(interpreter);
  return isShell ? [...lacks, ...findMissingCalls(view, path, calledBy)] : lacks;
}

function findMissingCalls(view: RootView, path: string, location: Location): InitrdLack[] {
  const hasBusybox = searchPath.some((folder) => view.exists(`${folder}/busybox`) === 'yes');
  const isMissing = (program: string): boolean => {
    if (program.startsWith('/')) return programPath.test(program) && view.exists(program) === 'no';
    if (!ownPrograms.has(program) && (hasBusybox || !smallPrograms.has(program))) return false;
    return !providesProgram(view, program);
  };
  return findScriptCalls(readScript(view, path) ?? '')
    .filter(({ program }) => isMissing(program))
    .map(({ program, line }) => ({ program, because: `${path} calls it`, calledBy: { ...location, line } }));
}

function readScript(view: RootView, path: string): string | undefined {
  const stat = view.stat(path);
  return stat?.type === 'file' && stat.size <= MAX_SCRIPT ? view.readText(path) : undefined;
}

/** A program that several scripts call is missing once. */
function withoutRepeats(lacks: readonly InitrdLack[]): readonly InitrdLack[] {
  const byProgram = new Map<string, InitrdLack>();
  for (const lack of lacks) if (!byProgram.has(lack.program)) byProgram.set(lack.program, lack);
  return [...byProgram.values()];
}

/** `findInitrdLacks`, or why the content could not be looked at. */
export function readInitrdPrograms(view: RootView): {
  readonly lacks: readonly InitrdLack[];
  readonly problem?: string;
} {
  try {
    return { lacks: findInitrdLacks(view) };
  } catch (thrown) {
    return { lacks: [], problem: asImageError(thrown).message };
  }
}
