/** What UEFI firmware starts from a disk without a stored boot entry: `\EFI\BOOT\BOOT{arch}.EFI` (UEFI 2.10, section 3.5.1.1). */
import { asImageError } from '../../errors.ts';
import type { Limits } from '../../limits.ts';
import type { Location } from '../../location.ts';
import { espType } from '../../root/gpt-types.ts';
import type { Device } from '../../root/layer.ts';
import { RootView } from '../../root/root-view.ts';
import { openPe } from '../../volumes/pe/pe-file.ts';
import type { FirmwareProgram } from './boot-fact.ts';

const folder = '/EFI/BOOT';
const unifiedFolder = '/EFI/Linux';
/** MBR type bytes of an ESP and of FAT partitions, which firmware of boards accepts too. */
const mbrTypes = new Set(['ef', '0b', '0c', '06', '0e', '04', '01']);

/** Sections that only this program has; a unified kernel image first, since its stub is made like systemd-boot. */
const marks: readonly { readonly section: string; readonly program: NonNullable<FirmwareProgram['program']> }[] = [
  { section: '.linux', program: 'unified kernel image' },
  { section: '.kernel', program: 'unified kernel image' },
  { section: '.sdmagic', program: 'systemd-boot' },
  { section: 'mods', program: 'grub' },
  { section: '.vendor', program: 'shim' },
];

/** Whether firmware takes this partition for an EFI system partition. */
export function isSystemPartition({ partition }: Device): boolean {
  if (!partition) return false;
  return partition.table === 'gpt' ? partition.type === espType : mbrTypes.has(partition.type);
}

/** The programs at the path the firmware looks at, of every architecture. Empty if the partition cannot be read. */
export function readFirmwarePrograms({ content }: Device, limits: Limits): FirmwareProgram[] {
  if (content.state !== 'filesystem') return [];
  const view = new RootView([{ path: '/', fileSystem: content.fileSystem }], limits);
  try {
    const names = (view.list(folder) ?? []).filter(({ name, type }) => type === 'file' && /^boot\w+\.efi$/i.test(name));
    return names.map(({ name }) => readProgram(view, name));
  } catch (thrown) {
    const reason = asImageError(thrown).message;
    return [{ location: view.locate(folder), name: '', state: 'unreadable', reason }];
  }
}

/** `EFI/Linux/*.efi`, where systemd-boot finds unified kernel images (UAPI.1, type #2). */
export function listUnifiedKernels({ content }: Device, limits: Limits): Location[] {
  if (content.state !== 'filesystem') return [];
  const view = new RootView([{ path: '/', fileSystem: content.fileSystem }], limits);
  try {
    const files = (view.list(unifiedFolder) ?? []).filter(({ name }) => /\.efi$/i.test(name));
    return files.map(({ name }) => view.locate(`${unifiedFolder}/${name}`));
  } catch (thrown) {
    // The reader of the boot menus reports the damage.
    asImageError(thrown);
    return [];
  }
}

function readProgram(view: RootView, file: string): FirmwareProgram {
  const path = `${folder}/${file}`;
  const program = { location: view.locate(path), name: file.toLowerCase() };
  try {
    const { architecture, subsystem, sections } = openPe(view.open(path));
    const kind = marks.find(({ section }) => sections.some(({ name }) => name.startsWith(section)))?.program;
    return { ...program, state: 'read', architecture, subsystem, ...(kind ? { program: kind } : {}) };
  } catch (thrown) {
    const { code, message } = asImageError(thrown);
    // Not an EFI program is an answer, not a gap.
    return { ...program, state: code === 'pe/bad-header' ? 'read' : 'unreadable', reason: message };
  }
}
