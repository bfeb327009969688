/** Texts that are secrets whoever reads them: each form is told by itself, without a guess from names or values. */
export interface SecretPattern {
  /** For people: `a private key`. */
  readonly what: string;
  /** Matched line by line; linear. */
  readonly pattern: RegExp;
}

export const secretPatterns: readonly SecretPattern[] = [
  { what: 'a private key', pattern: /^-----BEGIN (?:[A-Z]{2,12} )?PRIVATE KEY-----/ },
  { what: 'a WireGuard private key', pattern: /^\s{0,8}PrivateKey\s{0,8}=\s{0,8}[A-Za-z0-9+/]{43}=\s*$/ },
  { what: 'an age identity', pattern: /^AGE-SECRET-KEY-1[0-9A-Z]{58}/ },
  { what: 'a k3s token', pattern: /\bK10[0-9a-f]{64}::/ },
  { what: 'a k3s token', pattern: /\bK3S_(?:AGENT_)?TOKEN=["']?[^\s"'$/][^\s"']{3}/ },
];
