/** The command line cannot be meant as it is: exit code 2, one line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  constructor(message: string, hint?: string) {
    super(hint === undefined ? message : `${message}; ${hint}`);
  }
}
