/** Every volume format, in the order of detection. Adding one is a file or folder, a line here, and a test. */
import { gpt } from './gpt/gpt.ts';
import { mbr } from './mbr/mbr.ts';
import type { VolumeFormat } from './volume.ts';

export const volumeFormats: readonly VolumeFormat[] = [gpt, mbr];
