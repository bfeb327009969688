/** A stanza of dpkg's status file, for examples. */
export function stanza(name: string, fields: Readonly<Record<string, string>> = {}): string {
  const all = { Package: name, Status: 'install ok installed', Architecture: 'amd64', Version: '1', ...fields };
  const lines = Object.entries(all).map(([key, value]) => `${key}: ${value}`);
  return `${lines.join('\n')}\n\n`;
}
