/** Texts that are secrets by their form. One row a kind; every pattern is linear and looks at one line. */
interface SecretKind {
  readonly name: string;
  readonly pattern: RegExp;
}

const kinds: readonly SecretKind[] = [
  { name: 'a private key', pattern: /^-----BEGIN (?:[A-Z]{2,10} )?(?:ENCRYPTED )?PRIVATE KEY-----/ },
  { name: 'a token of a k3s cluster', pattern: /\bK10[0-9a-f]{64}::/ },
  { name: 'a token of GitHub', pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{40})/ },
  { name: 'a token of GitLab', pattern: /\bglpat-[A-Za-z0-9_-]{20}/ },
  { name: 'an access key of AWS', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/ },
  { name: 'a token of Slack', pattern: /\bxox[abprs]-[0-9A-Za-z-]{10}/ },
  {
    name: 'a password in an address',
    pattern: /\b(?:https?|ftp|ssh):\/\/[^/\s:@$<{]{1,64}:[^/\s:@$<{]{3,64}@[A-Za-z0-9]/,
  },
];

/** What sets a password in a script. */
const scriptKinds: readonly SecretKind[] = [
  {
    name: 'a password for chpasswd',
    pattern: /^[^#]{0,80}\becho\s{1,4}["']?[a-z_][a-z0-9_-]{0,31}:[^\s"'$`]{1,128}["']?\s{0,4}\|[^#]{0,40}chpasswd/,
  },
  {
    name: 'a password hash',
    pattern:
      /\b(?:useradd|usermod)\b.{0,200}?\s(?:-p|--password)[\s=]{1,4}["']?(?:\$[0-9a-z]{1,3}\$|\\\$[0-9a-z]{1,3}\\\$)/,
  },
  {
    name: 'a password',
    pattern:
      /^\s{0,40}(?:export\s)?[A-Za-z_]{0,40}(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY)=["']?[A-Za-z0-9+/_.!-]{8,}["']?\s{0,4}$/,
  },
];

export interface FoundSecret {
  readonly kind: string;
  /** From 1. */
  readonly line: number;
}

/** The first secret of each kind in a text; the secret itself is not given out. */
export function findSecrets(text: string, isScript: boolean): readonly FoundSecret[] {
  const found = new Map<string, FoundSecret>();
  const all = isScript ? [...kinds, ...scriptKinds] : kinds;
  for (const [index, line] of text.split('\n').entries()) {
    const part = line.length > MAX_LINE ? line.slice(0, MAX_LINE) : line;
    for (const { name, pattern } of all)
      if (!found.has(name) && pattern.test(part)) found.set(name, { kind: name, line: index + 1 });
  }
  return [...found.values()];
}

/** Longer lines hold data, not words. */
const MAX_LINE = 2000;
