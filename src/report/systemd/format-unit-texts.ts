/** Unit files as `systemctl cat` prints them, with the places they lie at if asked for. */
import { formatLocation, type Location } from '../../location.ts';
import { escapeText } from '../escape.ts';

export interface UnitFiles {
  readonly unit: string;
  readonly isMasked: boolean;
  /** In the order they are applied. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

/** Whole lines, an empty one between files and between units; as with systemctl the line of a mask has none before it. */
export function formatUnitTexts(units: readonly UnitFiles[], locate?: (path: string) => Location): string {
  let isFirst = true;
  return units
    .map(({ unit, isMasked, files }) => {
      if (isMasked) return `# Unit ${escapeText(unit)} is masked.\n`;
      const gap = isFirst ? '' : '\n';
      isFirst = false;
      return gap + files.map(({ path, text }) => `${formatTitle(path, locate)}${showText(text)}`).join('\n');
    })
    .join('');
}

function formatTitle(path: string, locate: ((path: string) => Location) | undefined): string {
  const place = locate ? `  (${escapeText(formatLocation(locate(path)))})` : '';
  return `# ${escapeText(path)}${place}\n`;
}

/** Every line ended; tabs stay, other control characters are made visible. */
function showText(text: string): string {
  if (text === '') return '';
  const lines = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
  return lines.map((line) => `${line.split('\t').map(escapeText).join('\t')}\n`).join('');
}
