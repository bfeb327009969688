/** Every volume format, in the order of detection. Adding one is a file or folder, a line here, and a test. */
import type { VolumeFormat } from './volume.ts';

export const volumeFormats: readonly VolumeFormat[] = [];
