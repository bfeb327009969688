import { describe, expect, it } from 'vitest';
import { pass } from '../../src/checks/verdict.ts';
import { textReporter } from '../../src/report/text-report.ts';
import { judged, run, unreadable } from './sample-result.ts';

const plain = { color: false };

describe('the text report', () => {
  it('shows failures first, with what decided them, and counts at the end', () => {
    expect(textReporter.render(run(judged), { ...plain, seconds: 0.1449 })).toBe(`node.wic
  gpt > p2 ext4 "platform"
  Debian 13 (Isar), amd64
  contract k3s 1.0   role=server (detected)   level=? (undetermined)

FAIL     A-02        KillMode of a.service is mixed, process wanted
         set by  p2:/etc/systemd/system/a.service.d/zz.conf:2
         beats   p2:/usr/lib/systemd/system/a.service:49  KillMode=process
         fix     edit it
         basis   derived: as activation makes it
         rule    k3s.yaml:7, contract 1.0
WARN     A-03        so-so
         rule    contract 1.0
UNKNOWN  A-04 +1     only a running machine can tell
UNKNOWN  A-06        an inode is damaged
         at      p2:/etc/x:1
WAIVED   A-09        /opt/tool is setuid
         at      p2:/opt/tool
         waived  the vendor needs it (platform, until 2030-06-30), waivers.yaml:4:5
         rule    contract 1.0
NOTE     A-07        larger than the contract says
NOTE     gpt/backup  the backup header is used
         at      node.wic@0x200

rests on  1 derived
2 pass   1 fail   1 should   3 unknown   1 waived   1 not applicable   0.14 s
`);
  });

  it('says once what is noted of several checks', () => {
    const results = ['A-1', 'A-2', 'A-3'].map((id) => ({
      ...({ id, title: 'a requirement', severity: 'must', references: [] } as const),
      verdict: pass('no packet filter is loaded'),
    }));
    const image = { ...judged, judgement: { ...judged.judgement, results }, diagnostics: [] };
    const notes = textReporter
      .render(run(image), plain)
      .split('\n')
      .filter((line) => line.startsWith('NOTE'));
    expect(notes).toEqual(['NOTE     A-1 +2  no packet filter is loaded']);
  });

  it('names the image in every place when there are several', () => {
    const text = textReporter.render(run(judged, unreadable), plain);
    expect(text).toContain('set by  node.wic!p2:/etc/systemd/system/a.service.d/zz.conf:2');
    expect(text).toContain('cut.wic: no verdict: it ends too early (cut.wic@0x1000); copy it again');
  });

  it('is one line for an image that cannot be read', () => {
    expect(textReporter.render(run(unreadable), plain).split('\n')).toHaveLength(2);
  });

  it('shows what passed and what did not apply when asked', () => {
    const text = textReporter.render(run(judged), { ...plain, verbose: true });
    expect(text).toContain('SKIP     A-08        only for role agent');
    expect(text).toContain('PASS     A-01        a requirement');
  });

  it('has colours only where they are wanted', () => {
    const csi = '\u001b[';
    expect(textReporter.render(run(judged), { color: true })).toContain(`${csi}1;31mFAIL`);
    expect(textReporter.render(run(judged), plain)).not.toContain(csi);
  });

  it('lets no name out that could command a terminal', () => {
    const label = 'a\u001b[31m\u202eb\udcff\n.img';
    const image = { ...judged, subject: { ...judged.subject, label } };
    const text = textReporter.render(run(image), plain);
    expect(text.split('\n')[0]).toBe('a\\x1b[31m\\u{202e}b\\xff\\x0a.img');
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});
