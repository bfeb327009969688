/** A diff as one HTML page: a section for each concern, every change to unfold with both sides, filters by class. */
import type { Change, ChangeClass } from '../../diff/change.ts';
import type { DiffResult } from '../../diff/diff-result.ts';
import { escapeHtml } from '../html/escape-html.ts';
import { renderPage } from '../html/page.ts';
import {
  type ConcernGroup,
  describeUnverified,
  describeUpkeep,
  describeVerdicts,
  diffSentence,
  formatSide,
  gravestFirst,
  groupChanges,
  placeOf,
  renameOf,
  titleOf,
} from './change-groups.ts';
import type { DiffReporter } from './diff-reporter.ts';

/** The classes of the page's style that stand for those of changes. */
const kinds: Readonly<Record<ChangeClass, string>> = {
  breaking: 'fail',
  drift: 'should',
  intended: 'info',
  equivalent: 'waived',
  noise: 'skip',
};

const tones: Readonly<Record<DiffResult['exitCode'], string>> = { 0: 'pass', 1: 'fail', 3: 'unverified' };

export const htmlDiff: DiffReporter = {
  render: (result) => {
    const { a, b, changes, exitCode, tool } = result;
    const verdict = diffSentence(result);
    return renderPage({
      title: `${verdict}: ${a.image}, ${b.image}`,
      verdict,
      tone: tones[exitCode],
      notes: [...describeSides(result), `${tool.name} ${tool.version}`],
      things: 'changes',
      filters: gravestFirst.map((name) => ({
        kind: kinds[name],
        title: name,
        count: changes.filter((change) => change.class === name).length,
        isHidden: name === 'equivalent' || name === 'noise',
      })),
      content: [
        ...groupChanges(result, true).map((group) => renderConcern(group, result)),
        renderUnverified(result),
        renderUpkeep(result),
        renderAbsent(result),
      ].join(''),
    });
  },
};

function describeSides(result: DiffResult): readonly string[] {
  return (['a', 'b'] as const).map((side) => {
    const { image, system } = result[side];
    const verdicts = describeVerdicts(result, side);
    const words = [`${side.toUpperCase()}: ${image}`, ...system].join(', ');
    return verdicts === '' ? words : `${words}; ${verdicts.replaceAll('  ', ', ')}`;
  });
}

function renderConcern({ count, groups }: ConcernGroup, result: DiffResult): string {
  const counts = gravestFirst
    .filter((name) => count.classes[name] > 0)
    .map((name) => `<li class="${kinds[name]}"><b>${count.classes[name]}</b> ${name}</li>`);
  const changes = groups.flatMap((group) => group.changes.map((change) => renderChange(change, result)));
  return [
    `<section>\n<h2>${escapeHtml(count.title)}</h2>\n`,
    `<ul class="counts">${counts.join('')}<li><b>${count.equal}</b> equal</li></ul>\n`,
    ...changes,
    '</section>\n',
  ].join('');
}

function renderChange(change: Change, result: DiffResult): string {
  const { class: kind, reason, checks = [], listed } = change;
  const renamed = renameOf(change);
  const { lines = [] } = renamed ?? change;
  const rows: readonly (readonly [title: string, html: string])[] = [
    ['A', renderSide(change.a, result.a.image)],
    ['B', renderSide(change.b, result.b.image)],
    ...(checks.length > 0 ? [['fails', escapeHtml(checks.join(', '))] as const] : []),
    ...(reason === undefined ? [] : [['why', escapeHtml(reason)] as const]),
    ...(listed === undefined ? [] : [['listed', escapeHtml(listed)] as const]),
    ...(lines.length > 0
      ? [['more', `<code class="lines">${lines.map(escapeHtml).join('<br/>')}</code>`] as const]
      : []),
  ];
  const details = rows.map(([title, html]) => `<dt>${title}</dt><dd>${html}</dd>`).join('');
  const open = kind === 'breaking' ? ' open=""' : '';
  const badge = `<span class="badge">${kind.toUpperCase()}</span>`;
  const title = `<span>${escapeHtml(renamed?.title ?? `${titleOf(change)}: ${shortOf(change)}`)}</span>`;
  return `<details class="${kinds[kind]}"${open}><summary>${badge}${title}</summary><dl>${details}</dl></details>\n`;
}

function shortOf({ a, b, field }: Change): string {
  if (field === undefined && !(a && b)) return `only in ${a ? 'A' : 'B'}`;
  return `${cut(formatSide(a))} → ${cut(formatSide(b))}`;
}

const cut = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}...` : text);

function renderSide(side: Change['a'], image: string): string {
  const place = placeOf(side, image);
  const where = place === undefined ? '' : ` <span class="dim">${escapeHtml(place)}</span>`;
  return `<code>${escapeHtml(formatSide(side))}</code>${where}`;
}

function renderUnverified(result: DiffResult): string {
  if (result.unverified.length === 0) return '';
  const lines = new Set(result.unverified.map((one) => escapeHtml(describeUnverified(one, result))));
  const items = [...lines].map((line) => `<p>${line}</p>\n`);
  return `<section class="unverified">\n<h2>could not be told</h2>\n${items.join('')}</section>\n`;
}

function renderUpkeep({ upkeep }: DiffResult): string {
  if (upkeep.length === 0) return '';
  const items = upkeep.map((one) => `<p>${escapeHtml(describeUpkeep(one))}</p>\n`);
  return `<section>\n<h2>waivers</h2>\n${items.join('')}</section>\n`;
}

function renderAbsent({ counts }: DiffResult): string {
  const absent = counts.flatMap(({ title, absent: why }) =>
    why === undefined ? [] : [`<p class="dim">${escapeHtml(`${title}: not compared, ${why}`)}</p>\n`],
  );
  return absent.join('');
}
