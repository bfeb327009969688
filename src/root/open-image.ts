/**
 * Opens an image of any supported shape and composes the root in it: layers, boot entry, choice of the root, mounts, side
 * files. The one way in for every command.
 */
import { basename } from 'node:path';
import type { ByteSource } from '../bytes/byte-source.ts';
import { openFileSource } from '../bytes/file-source.ts';
import { statHost } from '../bytes/host-folder.ts';
import type { Diagnostic } from '../diagnostic.ts';
import { asImageError } from '../errors.ts';
import { openHostFolder } from '../filesystems/host/host-folder.ts';
import type { Limits } from '../limits.ts';
import type { BootEntry, BootMenu, BootPlace } from './boot-entries/boot-entry.ts';
import { readBootMenus } from './boot-entries/read-boot-menus.ts';
import { chooseRoot, type RootCandidate, type RootChoice } from './choose-root.ts';
import { composeRoot } from './compose.ts';
import type { ImageFacts } from './image-facts.ts';
import type { Device, Layer } from './layer.ts';
import { LayerOpener, type OpenedLayers } from './open-layers.ts';
import { findRootEvidence } from './root-evidence.ts';
import { RootView } from './root-view.ts';
import { readSideFiles } from './side-files.ts';

export interface OpenImageOptions {
  readonly limits: Limits;
  /** The root of an A/B image to judge instead of the one that boots: its name, number, label or identifier. */
  readonly slot?: string;
  /** The root file system, where its content does not show that it is one. */
  readonly root?: string;
  /** Called while a compressed layer is read: bytes of input done, of how many. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** One root among those the image holds, and its empty counterpart in an A/B image. */
export interface Slot {
  readonly name: string;
  readonly label: string;
  readonly state: 'chosen' | 'root' | 'empty';
}

export interface OpenedImage {
  /** Base name of the image. */
  readonly label: string;
  readonly layer: Layer;
  readonly devices: readonly Device[];
  readonly view: RootView;
  readonly facts: ImageFacts;
  readonly root: RootChoice;
  readonly slots: readonly Slot[];
  readonly bootMenus: readonly BootMenu[];
  readonly bootEntry?: BootEntry;
  /** Everything noticed so far; reading more of the image may add to it. */
  readonly diagnostics: readonly Diagnostic[];
  close(): void;
}
