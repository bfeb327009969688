/** Unit files as `systemctl cat` prints them, with the places they lie at if asked for. The text itself is not escaped. */
import { formatLocation, type Location } from '../../location.ts';
import { escapeText } from '../escape.ts';

export interface UnitFiles {
  readonly unit: string;
  readonly isMasked: boolean;
  /** In the order they are applied. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

/** Whole lines, an empty one between files and between units. */
export function formatUnitTexts(units: readonly UnitFiles[], locate?: (path: string) => Location): string {
  return units
    .map(({ unit, isMasked, files }) => {
      if (isMasked) return `# Unit ${escapeText(unit)} is masked.\n`;
      return files.map(({ path, text }) => `${formatTitle(path, locate)}${endLine(text)}`).join('\n');
    })
    .join('\n');
}

function formatTitle(path: string, locate: ((path: string) => Location) | undefined): string {
  const place = locate ? `  (${escapeText(formatLocation(locate(path)))})` : '';
  return `# ${escapeText(path)}${place}\n`;
}

function endLine(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}
