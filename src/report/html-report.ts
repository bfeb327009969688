/**
 * One HTML page that needs nothing else: no request, no font, no image. Its policy allows its own style and script only, by
 * their hashes, so that nothing an image is called could run even if it got out. Elements are closed as in XML.
 */
import { createHash } from 'node:crypto';
import { groupsOf, verdictSentence } from './findings.ts';
import { escapeHtml } from './html/escape-html.ts';
import { renderGroup } from './html/image-section.ts';
import { renderMatrix } from './html/matrix-table.ts';
import { script } from './html/script.ts';
import { style } from './html/style.ts';
import { type Kind, kindOf, kinds } from './kinds.ts';
import type { Reporter } from './reporter.ts';

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const policy = [
  `default-src 'none'`,
  `script-src ${hashOf(script)}`,
  `style-src-elem ${hashOf(style)}`,
  // The widths of partitions.
  `style-src-attr 'unsafe-inline'`,
  `base-uri 'none'`,
  `form-action 'none'`,
].join('; ');

const tones: Readonly<Record<number, Kind>> = { 0: 'pass', 1: 'fail' };

export const htmlReporter: Reporter = {
  render: (run) => {
    const groups = groupsOf(run);
    const all = groups.flatMap(({ results }) => results);
    const buttons = kinds.map(([kind, title, isHidden]) => {
      const count = all.filter((result) => kindOf(result) === kind).length;
      const pressed = isHidden ? 'false' : 'true';
      return count === 0
        ? ''
        : `<button class="${kind}" value="${kind}" aria-pressed="${pressed}">${title.toLowerCase()} ${count}</button>\n`;
    });
    const verdict = verdictSentence(run.exitCode);
    const names = groups.map(({ label }) => label).join(', ');
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>${escapeHtml(`${verdict}: ${names}`)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1 class="${tones[run.exitCode] ?? 'unverified'}">${verdict}</h1>
<p class="dim">${escapeHtml(`${run.tool.name} ${run.tool.version}`)}</p>
</header>
<main>
<div class="bar" role="search" hidden="">
<input type="search" aria-label="Search the checks" placeholder="Search (press /)"/>
${buttons.join('')}<output class="dim"></output>
</div>
${renderMatrix(run)}${groups.map((group, i) => renderGroup(group, run, i)).join('')}</main>
<script>${script}</script>
</body>
</html>
`;
  },
};
