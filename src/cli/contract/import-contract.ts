/** The work of `contract import`: tests of another tool as a contract on stdout, what cannot be expressed on stderr. */
import { ContractError } from '../../checks/contract-error.ts';
import { importGoss, isGoss } from '../../checks/import/goss.ts';
import { asMapping, type Imported } from '../../checks/import/imported.ts';
import { importStructureTest, isStructureTest } from '../../checks/import/structure-test.ts';
import { loadContract } from '../../checks/language/load-contract.ts';
import { type ParsedDocument, parseDocument } from '../../checks/language/parse-document.ts';
import type { ExitCode } from '../../checks/result.ts';
import { formatLocation } from '../../location.ts';
import { formatImport } from '../../report/draft/format-import.ts';
import { escapeText } from '../../report/escape.ts';
import { baseName, readHostText } from '../host-files.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import { nameFor } from './contract-name.ts';

export async function importContract(file: string, terminal: Terminal): Promise<ExitCode> {
  const read = readHostText(file);
  if ('problem' in read) throw new UsageError(`${file} cannot be read: ${read.problem}`);
  const imported = await withoutWrong(importDocument(parseDocument(read.text, file), file), file);
  terminal.out(formatImport(nameFor(file), baseName(file), imported));
  for (const { message, location } of imported.refused)
    terminal.err(`${escapeText(`${formatLocation(location)}: not expressed: ${message}`)}\n`);
  return 0;
}

function importDocument(document: ParsedDocument, file: string): Imported {
  const root = asMapping(document.value) ?? {};
  if (isStructureTest(root)) return importStructureTest(document);
  if (isGoss(root)) return importGoss(document);
  const message = 'neither a file of container-structure-test nor one of goss';
  throw new ContractError([{ message, location: { source: file } }]);
}

/** A check whose values the contract language does not take (a type, a mode) is said too, not handed on. */
async function withoutWrong({ checks, refused }: Imported, file: string): Promise<Imported> {
  const good: Imported['checks'][number][] = [];
  const bad: Imported['refused'][number][] = [];
  for (const check of checks) {
    const text = formatImport('import', file, { checks: [check], refused: [] });
    try {
      await loadContract('./import', () => ({ text, label: 'import', base: '' }));
      good.push(check);
    } catch (error) {
      if (!(error instanceof ContractError)) throw error;
      bad.push({ message: `${check.title}: ${error.problems[0]?.message ?? ''}`, location: check.location });
    }
  }
  return { checks: good, refused: [...refused, ...bad] };
}
