/** Names of Linux capabilities in unit files. */
import { capabilityNames } from '../../../filesystems/file-capabilities.ts';

/** In the order of their numbers. */
export const allCapabilities = capabilityNames;

/** The lower-case name for a name or a number; undefined if there is no such capability. */
export function parseCapability(text: string): string | undefined {
  if (/^[0-9]{1,2}$/.test(text)) return allCapabilities[Number(text)];
  const name = text.toLowerCase();
  return allCapabilities.find((known) => known === name);
}
