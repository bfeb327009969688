/** What `inspect` knows about an image, as plain JSON. */
import type { Diagnostic } from '../../diagnostic.ts';
import type { PlatformFact } from '../../facts/platform/platform-fact.ts';
import type { Location } from '../../location.ts';
import type { BootEntry } from '../../root/boot-entries/boot-entry.ts';
import type { Layer } from '../../root/layer.ts';
import type { Slot } from '../../root/slots.ts';

/** `kernel`: `6.12.117, 3 modules`. */
export interface OverviewLine {
  readonly title: string;
  readonly text: string;
}

export interface Inspection {
  readonly label: string;
  readonly layer: Layer;
  readonly root: { readonly device: string; readonly because: string };
  readonly mounts: readonly {
    readonly path: string;
    readonly source: string;
    readonly format: string;
    readonly because?: string;
    readonly standing?: string;
  }[];
  readonly slots: readonly Slot[];
  readonly boot: {
    readonly loaders: readonly { readonly loader: string; readonly location: Location; readonly entries: number }[];
    readonly entry?: BootEntry;
  };
  readonly platform: PlatformFact;
  readonly overview: readonly OverviewLine[];
  readonly sideFiles: readonly { readonly kind: string; readonly name: string }[];
  readonly diagnostics: readonly Diagnostic[];
}
