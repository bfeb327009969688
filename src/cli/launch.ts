#!/bin/sh
/** Starts the program: what a shell does with this file is in build.mjs. */
import { startStreamThread } from '../bytes/beside/decoder-threads.ts';
import { startSideThread } from './diff/side-thread.ts';
import { loadProgram } from './load-program.ts';
import { namesStream } from './names-stream.ts';

/** The command that was asked for. A text about a command needs little of what the command does. */
function commandWord(): string {
  const words = process.argv.slice(2);
  if (words.some((word) => /^(--help|-h|help|--version|-V)$/.test(word))) return 'help';
  const [word = ''] = words;
  return /^[a-z]{2,12}$/.test(word) ? word : 'judge';
}

const command = commandWord();
// A diff reads one side in a thread, unless it compares files, or one image only.
const wantsThread = command === 'diff' && !process.argv.some((word) => /^--(?:files|against)/.test(word));
const thread = wantsThread ? startSideThread() : undefined;
const decoder = process.argv.slice(2).some(namesStream) ? startStreamThread() : undefined;
const { program, keep } = loadProgram(command);
if (thread) program.expectSideThread?.(thread);
if (decoder) program.expectDecoderThread?.(decoder);
process.on('exit', (exitCode) => {
  // As late as can be: it holds what was compiled up to now, which is little if the command could not do its work.
  if (exitCode <= 1) keep();
});
// Until the program says otherwise: a process that ends before it did not pass anything.
process.exitCode = 70;
void program.main?.().then((exitCode) => {
  // All is written by now. What the threads and the collector of garbage would still do is of no use to anyone.
  process.exit(exitCode);
});
