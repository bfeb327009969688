import { escapeText } from '../escape.ts';

/** What makes markup inside a line as numbers (no text begins a line); an empty comment parts what would become a mention, reference or link. */
export function escapeMarkdown(text: string): string {
  return escapeText(text)
    .replace(/[\\`*_{}[\]#!|<>~@&$^]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/&#(?:33|35|64);|:(?=\/\/)|(?<=\bwww)\./gi, '$&<!-- -->');
}
