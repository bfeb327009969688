import { describe, expect, it } from 'vitest';
import { collectCommands } from '../../../src/cli/completion/command-words.ts';
import { formatManual } from '../../../src/cli/manual/format-manual.ts';
import { checkImage } from '../command-line.ts';

const commands = collectCommands();
const manual = formatManual(commands, '1.2.3');
const lines = manual.trimEnd().split('\n');

describe('the manual page', () => {
  it('uses macros of man(7) only, and hides every dash, quote and backslash from roff', () => {
    const known = new Set(['TH', 'SH', 'SS', 'TP', 'B', 'I', 'RI', 'PP', 'br', 'nf', 'fi']);
    for (const line of lines.slice(1)) {
      const macro = /^[.']([A-Za-z]*)/.exec(line)?.[1];
      if (macro !== undefined) expect(known).toContain(macro);
      expect(line.replace(/\\(?:e|-|&|\((?:aq|ga|ha|ti|dq)|f[BIR])/g, '')).not.toMatch(/[\\'`^~]|-(?!IMAGE)/);
    }
    expect(lines[0]).toBe('.TH CHECK-IMAGE 1 "" "check-image 1.2.3" "User Commands"');
  });

  it('has every command, option and example that --help has', () => {
    const shown = manual.replaceAll('\\-', '-');
    for (const { path, options, examples } of commands) {
      if (path.length > 0) expect(shown).toContain(`.B ${path.join(' ')}\n`);
      for (const { names } of options)
        expect(shown).toContain(`.TP\n${names.map((one) => `\\fB${one}\\fR`).join(', ')}`);
      expect(examples.length).toBeGreaterThan(path[0] === 'contract' ? -1 : 0);
    }
    expect(commands.length).toBeGreaterThan(15);
  });

  it('is what `check-image man` prints', async () => {
    const { code, out } = await checkImage('man');
    expect([code, out.split('\n').slice(1)]).toEqual([0, manual.split('\n').slice(1)]);
  });

  it('keeps a line that would be a command of roff', () => {
    const [gate] = commands;
    const odd = formatManual(gate ? [{ ...gate, description: ".so /etc/passwd\n'x \\n" }] : [], '1');
    expect(odd).toContain('\n\\&.so /etc/passwd \\(aqx \\en\n');
  });
});
