#!/usr/bin/env node
/** Starts the program. */
import { loadProgram } from './load-program.ts';

/** The command that was asked for. */
function commandWord(): string {
  const [word = ''] = process.argv.slice(2);
  return /^[a-z]{2,12}$/.test(word) ? word : 'judge';
}

const { program, keep } = loadProgram(commandWord());
// As late as can be: it holds what was compiled up to now.
process.on('exit', keep);
process.exitCode = (await program.main?.()) ?? 70;
