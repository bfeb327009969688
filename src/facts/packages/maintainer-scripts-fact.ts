import type { Location } from '../../location.ts';

export interface MaintainerScript {
  readonly package: string;
  readonly kind: 'preinst' | 'postinst' | 'prerm' | 'postrm' | 'config';
  readonly text: string;
  readonly location: Location;
}

/** The scripts dpkg runs for installed packages, which stay in the image. */
export interface MaintainerScriptsFact {
  readonly scripts: readonly MaintainerScript[];
}
