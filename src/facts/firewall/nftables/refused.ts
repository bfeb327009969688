/** What nft would not load, or may not, and the line. Caught where a file is run, and nowhere else. */
export class Refused extends Error {
  readonly line: number;
  /** No version of nft takes it. Else it may be that check-image does not know it, or that the machine makes it whole. */
  readonly isCertain: boolean;

  constructor(message: string, line: number, isCertain = false) {
    super(message);
    this.line = line;
    this.isCertain = isCertain;
  }
}
