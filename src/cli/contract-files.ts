/** Contract files from the host: named on the command line, or by the contract that extends them. */
import { ContractError } from '../checks/contract-error.ts';
import type { ContractFile } from '../checks/language/load-contract.ts';
import { directoryOf, readHostText } from './host-files.ts';

/** `base` is the folder of the contract that names the file. Throws ContractError. */
export function contractFiles(name: string, base: string | undefined): ContractFile {
  const path = name.startsWith('/') ? name : `${base ?? ''}${name}`;
  const file = readHostText(path);
  if ('problem' in file) {
    throw new ContractError([{ message: `the contract cannot be read: ${file.problem}`, location: { source: path } }]);
  }
  return { text: file.text, label: path, base: directoryOf(path) };
}
