import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { checkImage } from './command-line.ts';

it('contract import makes a valid contract and says what it cannot express', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'check-image-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'goss.yaml');
  writeFileSync(
    file,
    'file:\n  /etc/passwd: { exists: true, filetype: pipe }\nkernel-param:\n  vm.swappiness: { value: 10 }\ndns:\n  a.b: {}\n',
  );
  const { code, out, err } = await checkImage('contract', 'import', file);
  expect(code).toBe(0);
  expect(out).toContain('    sysctl: { key: vm.swappiness, value: "10" }\n');
  expect(out).toContain(`    # ${file}:4:18\n`);
  expect(err.split('\n')).toEqual([
    `${file}:6:3: not expressed: dns a.b: only a running machine can tell`,
    `${file}:2:16: not expressed: /etc/passwd: type cannot be pipe`,
    '',
  ]);
  writeFileSync(join(folder, 'made.yaml'), out);
  expect((await checkImage('contract', 'validate', join(folder, 'made.yaml'))).code).toBe(0);
  writeFileSync(file, 'other: 1\n');
  expect(await checkImage('contract', 'import', file)).toMatchObject({ code: 2, out: '' });
});
