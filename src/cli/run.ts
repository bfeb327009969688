/**
 * One run from arguments to exit code. Every failure ends here: usage and contract errors 2, an image that cannot be read 3,
 * a bug 70 with its stack. Nothing but `--version` is answered without loading the commands.
 */
import type { ExitCode } from '../checks/result.ts';
import type { Terminal } from './terminal.ts';
import { version } from './version.ts';

export async function run(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
    terminal.out(`${version}\n`);
    return 0;
  }
  try {
    const { runProgram } = await import('./program.ts');
    return await runProgram(argv, terminal);
  } catch (error) {
    const { reportFailure } = await import('./report-failure.ts');
    return reportFailure(error, terminal);
  }
}
