/**
 * The frame of every HTML report: one page that needs nothing else, no request, no font, no image. Its policy allows its own style
 * and script only, by their hashes, so that nothing an image is called could run even if it got out. Elements are closed as in XML.
 */
import { createHash } from 'node:crypto';
import { escapeHtml } from './escape-html.ts';
import { script } from './script.ts';
import { style } from './style.ts';

/** A class of entries (`<details class="...">`) that a button shows and hides. */
export interface PageFilter {
  readonly kind: string;
  readonly title: string;
  readonly count: number;
  readonly isHidden: boolean;
}

export interface Page {
  /** As text. */
  readonly title: string;
  readonly verdict: string;
  /** Class of the verdict. */
  readonly tone: string;
  /** As text, below the verdict. */
  readonly notes: readonly string[];
  /** What is searched, in the plural. */
  readonly things: string;
  readonly filters: readonly PageFilter[];
  /** As HTML. */
  readonly content: string;
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const formatPolicy = (): string =>
  [
    `default-src 'none'`,
    `script-src ${hashOf(script)}`,
    `style-src-elem ${hashOf(style)}`,
    // The widths of partitions.
    `style-src-attr 'unsafe-inline'`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');

export function renderPage({ title, verdict, tone, notes, things, filters, content }: Page): string {
  const buttons = filters.map(({ kind, title: name, count, isHidden }) =>
    count === 0
      ? ''
      : `<button class="${kind}" value="${kind}" aria-pressed="${isHidden ? 'false' : 'true'}">${name.toLowerCase()} ${count}</button>\n`,
  );
  const lines = notes.map((note) => `<p class="dim">${escapeHtml(note)}</p>\n`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(formatPolicy())}"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1 class="${tone}">${escapeHtml(verdict)}</h1>
${lines.join('')}</header>
<main>
<div class="bar" role="search" hidden="">
<input type="search" aria-label="Search the ${things}" placeholder="Search (press /)"/>
${buttons.join('')}<output class="dim" data-things="${things}"></output>
</div>
<p class="none dim" hidden="">No ${things} to show: choose a class above, or search for something else.</p>
${content}</main>
<script>${script}</script>
</body>
</html>
`;
}
