/** The page as text; that hostile names change nothing of it is in hostile.test.ts, how a browser takes it in test/e2e. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ImageResult } from '../../src/checks/result.ts';
import { htmlReporter } from '../../src/report/html-report.ts';
import { parseXml, type XmlElement } from './parse-xml.ts';
import { judged, run, unreadable } from './sample-result.ts';

const render = (...images: readonly ImageResult[]): string => htmlReporter.render(run(...images), { color: false });

function elements(report: string): readonly XmlElement[] {
  const below = (one: XmlElement): readonly XmlElement[] => [one, ...one.children.flatMap(below)];
  return below(parseXml(report.replace('<!doctype html>', '<?xml version="1.0" encoding="UTF-8"?>')));
}

const textOf = ({ text, children }: XmlElement): string => [text, ...children.map(textOf)].join(' ');
const page = elements(render(judged, unreadable));
const named = (name: string): readonly XmlElement[] => page.filter((one) => one.name === name);

describe('the HTML report', () => {
  it('begins with the verdict', () => {
    expect(named('h1').map(({ text, attributes }) => [text, attributes.class])).toEqual([
      ['The contract does not hold', 'fail'],
    ]);
    expect(named('title')[0]?.text).toBe('The contract does not hold: node.wic, cut.wic');
  });

  it('asks for nothing and allows nothing but its own style and script', () => {
    const attributes = page.flatMap((one) => Object.entries(one.attributes));
    const outward = attributes.filter(
      ([name, value]) => /^(?:src|href|action|srcset|data|on.*)$/.test(name) && !/^#group-\d+$/.test(value),
    );
    expect(outward).toEqual([]);
    expect(render(judged)).not.toMatch(/url\(|@import|https?:/);
    const policy = named('meta').find((one) => one.attributes['http-equiv'])?.attributes.content ?? '';
    expect(policy).toMatch(/^default-src 'none'; /);
    for (const name of ['script', 'style']) {
      const [one, ...others] = named(name);
      expect(others).toEqual([]);
      expect(policy).toContain(
        `'sha256-${createHash('sha256')
          .update(one?.text ?? '')
          .digest('base64')}'`,
      );
    }
  });

  it('shows every check, failures first and open, with its evidence', () => {
    const checks = named('details');
    expect(
      checks.map(({ attributes, children }) => [attributes.class, attributes.open, children[0]?.children[1]?.text]),
    ).toEqual([
      ['fail', '', 'A-02'],
      ['should', undefined, 'A-03'],
      ['unverified', '', 'A-06'],
      ['waived', undefined, 'A-09'],
      ['undecidable', undefined, 'A-04'],
      ['undecidable', undefined, 'A-05'],
      ['pass', undefined, 'A-01'],
      ['pass', undefined, 'A-07'],
      ['skip', undefined, 'A-08'],
      ['unverified', '', 'bytes/truncated'],
    ]);
    expect(textOf(checks[0] as XmlElement)).toContain(
      'node.wic!p2:/etc/systemd/system/a.service.d/zz.conf:2  KillMode=mixed',
    );
    expect(textOf(checks[3] as XmlElement)).toContain('the vendor needs it (platform, until 2030-06-30)');
  });

  it('has a button for each kind of result there is, with its count', () => {
    expect(named('button').map(({ text, attributes }) => [text, attributes['aria-pressed']])).toEqual([
      ['fail 1', 'true'],
      ['should 1', 'true'],
      ['unverified 2', 'true'],
      ['waived 1', 'true'],
      ['undecidable 2', 'false'],
      ['pass 2', 'false'],
      ['skip 1', 'false'],
    ]);
  });

  it('draws the disk and the way to the root', () => {
    const partitions = [
      { name: 'p1', content: 'vfat', size: 1 << 20, mount: '/boot' },
      { name: 'p2', content: 'ext4 "platform"', size: 4 << 20, mount: '/' },
    ];
    const boot = [
      { title: 'loader', text: 'systemd-boot' },
      { title: 'root', text: 'p2' },
    ];
    const drawn = elements(render({ ...judged, subject: { ...judged.subject, partitions, boot } }));
    const disk = drawn.find(({ attributes }) => attributes.class === 'disk');
    expect(disk?.children.map((one) => [textOf(one), one.attributes.style])).toEqual([
      [expect.stringMatching(/at \/boot ?vfat ?1024 KiB/), 'flex-grow:32'],
      [expect.stringMatching(/at \/ ?ext4 "platform" ?4096 KiB/), 'flex-grow:64'],
    ]);
    const chain = drawn.find(({ attributes }) => attributes.class === 'chain');
    expect(chain?.children.map(({ text }) => text.trim())).toEqual(['systemd-boot', 'p2']);
  });
});
