/** One image on the page: what it is, its disk and boot chain drawn, then every check with its evidence. */
import type { CheckResult } from '../../checks/check.ts';
import type { ImageResult, RunResult, Subject } from '../../checks/result.ts';
import { formatLocation } from '../../location.ts';
import { detailsOf, evidenceOf, type Group, sentenceOf } from '../findings.ts';
import { formatSize } from '../format-size.ts';
import { kindOf, kinds } from '../kinds.ts';
import { escapeHtml } from './escape-html.ts';

export function renderGroup(group: Group, run: RunResult, index: number): string {
  const image = run.images[index];
  const judged = image?.state === 'judged' ? image : undefined;
  const ordered = kinds.flatMap(([kind]) => group.results.filter((result) => kindOf(result) === kind));
  const notes = group.diagnostics.map(({ level, message, location }) => {
    const place = location ? ` <code>${escapeHtml(formatLocation(location))}</code>` : '';
    return `<p class="dim">${level}: ${escapeHtml(message)}${place}</p>\n`;
  });
  return [
    `<section id="group-${index + 1}">\n<h2>${escapeHtml(group.label)}</h2>\n`,
    ...(judged ? [renderHead(judged)] : []),
    renderCounts(group.results),
    ...(judged ? [renderDisk(judged.subject), renderBoot(judged.subject)] : []),
    ...ordered.map(renderResult),
    ...notes,
    '</section>\n',
  ].join('');
}

function renderHead({ subject, judgement }: Extract<ImageResult, { state: 'judged' }>): string {
  const { contract, parameters, lint } = judgement;
  const values = parameters.map(({ name, value, origin }) => `${name}=${value ?? '?'} (${origin})`);
  const lines = [
    subject.system.join(', '),
    ...subject.layers,
    [`contract ${contract.name} ${contract.version}`, ...values].join(', '),
    ...(lint ? [`lint ${lint.profiles.join(', ')}: ${lint.rules} rules`] : []),
  ];
  return lines.map((line) => `<p class="dim">${escapeHtml(line)}</p>\n`).join('');
}

function renderCounts(results: readonly CheckResult[]): string {
  const items = kinds.map(([kind, title]) => {
    const count = results.filter((result) => kindOf(result) === kind).length;
    return count === 0 ? '' : `<li class="${kind}"><b>${count}</b> ${title.toLowerCase()}</li>`;
  });
  return `<ul class="counts">${items.join('')}</ul>\n`;
}

/** Partitions side by side, their widths as the square roots of their sizes, so that small ones can be read. */
function renderDisk({ partitions = [] }: Subject): string {
  if (partitions.length === 0) return '';
  const boxes = partitions.map(({ name, content, size, mount }) => {
    const grow = Math.max(1, Math.round(Math.sqrt(size / 1024)));
    const place = mount === undefined ? '' : ` at ${escapeHtml(mount)}`;
    const words = `<b>${escapeHtml(name)}</b>${place}<br/>${escapeHtml(content)}<br/>${formatSize(size)}`;
    return `<div${mount === '/' ? ' class="root"' : ''} style="flex-grow:${grow}">${words}</div>`;
  });
  return `<div class="disk" role="group" aria-label="partitions">${boxes.join('')}</div>\n`;
}

function renderBoot({ boot = [] }: Subject): string {
  if (boot.length === 0) return '';
  const steps = boot.map(
    ({ title, text }) => `<li><span class="dim">${escapeHtml(title)}</span> ${escapeHtml(text)}</li>`,
  );
  return `<ol class="chain" aria-label="boot chain">${steps.join('')}</ol>\n`;
}

function renderResult(result: CheckResult): string {
  const kind = kindOf(result);
  const title = kinds.find(([name]) => name === kind)?.[1] ?? '';
  const open = kind === 'fail' || kind === 'unverified' ? ' open=""' : '';
  const sentence = kind === 'skip' ? `${result.title}: ${sentenceOf(result)}` : sentenceOf(result);
  const places = evidenceOf(result).length;
  // The places come first among the details; they are shown as code.
  const rows = detailsOf(result).map(([name, text], i) => {
    const value = escapeHtml(text);
    return `<dt>${escapeHtml(name)}</dt><dd>${i < places ? `<code>${value}</code>` : value}</dd>`;
  });
  const summary = `<span class="badge">${title}</span><span class="id">${escapeHtml(result.id)}</span><span>${escapeHtml(sentence)}</span>`;
  return `<details class="${kind}"${open}><summary>${summary}</summary><dl>${rows.join('')}</dl></details>\n`;
}
