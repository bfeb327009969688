/** `--lint` without profiles: spelled out, since the command line would take the image that follows for them. */
export function spellOutLint(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return argv.map((word, i) => (word === '--lint' && (end < 0 || i < end) ? '--lint=default' : word));
}
