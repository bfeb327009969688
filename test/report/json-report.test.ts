import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { ImageResult } from '../../src/checks/result.ts';
import { jsonReporter } from '../../src/report/json-report.ts';
import { judged, run, unreadable } from './sample-result.ts';

const schema = JSON.parse(readFileSync(new URL('../../schemas/report-1.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);
const render = (...images: readonly ImageResult[]) => jsonReporter.render(run(...images), { color: false });

describe('the JSON report', () => {
  it('is valid against its schema, judged or not', () => {
    validate(JSON.parse(render(judged, unreadable)));
    expect(validate.errors).toBeNull();
  });

  it('gives every place by its parts and in one line', () => {
    const { images } = JSON.parse(render(judged)) as { images: { results: { id: string; evidence?: unknown[] }[] }[] };
    expect(images[0]?.results[1]?.evidence?.[0]).toEqual({
      role: 'set by',
      excerpt: 'KillMode=mixed',
      location: {
        text: 'node.wic!p2:/etc/systemd/system/a.service.d/zz.conf:2',
        source: 'node.wic!p2',
        path: '/etc/systemd/system/a.service.d/zz.conf',
        line: 2,
      },
    });
  });

  it('gives a result the severity it counts with', () => {
    const { images } = JSON.parse(render(judged)) as { images: { results: { id: string; severity: string }[] }[] };
    expect(images[0]?.results.find(({ id }) => id === 'A-03')?.severity).toBe('should');
  });

  it('keeps odd names exact, in plain ASCII', () => {
    const label = 'a\u001b\u0085\u202e\udcff.img';
    const text = render({ ...judged, subject: { ...judged.subject, label } });
    expect(text).not.toMatch(/[^\n -~]/);
    expect((JSON.parse(text) as { images: { image: string }[] }).images[0]?.image).toBe(label);
  });

  it('is the same for the same result', () => {
    expect(render(judged)).toBe(render(judged));
  });
});
