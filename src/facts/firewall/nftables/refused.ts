/** What nft would not load, and the line. Caught where a file is run, and nowhere else. */
export class Refused extends Error {
  readonly line: number;
  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}
