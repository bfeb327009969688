/** How the kernel is told which NixOS system to start: the boot entry whose `init=` is of it, else its own parameters. */
import type { Location } from '../../location.ts';
import type { BootEntry, BootMenu } from '../boot-entries/boot-entry.ts';
import { findParameter } from '../boot-entries/command-line.ts';
import type { RootView } from '../root-view.ts';
import { toplevelOf } from './toplevel.ts';

/** The entry that starts the toplevel: the default if it does, else the first. */
export function findBootedEntry(menus: readonly BootMenu[], toplevel: string): BootEntry | undefined {
  const entries = menus.flatMap((menu) => [...(menu.default ? [menu.default] : []), ...menu.entries]);
  return entries.find(({ options }) => toplevelOf(findParameter(options?.text ?? '', 'init') ?? '') === toplevel);
}

/** The command line a boot loader would be given for the toplevel; undefined for containers, which have no kernel. */
export function readKernelParameters(
  view: RootView,
  toplevel: string,
): { readonly text: string; readonly location: Location } | undefined {
  const path = `${toplevel}/kernel-params`;
  const text = view.readText(path);
  if (text === undefined) return undefined;
  return { text: `init=${toplevel}/init ${text}`.trim(), location: view.locate(path, 1) };
}
