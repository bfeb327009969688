/**
 * Unquoted YAML values as gopkg.in/yaml.v2 reads and Go prints them, which is what k3s passes on as a flag's value: YAML 1.1 booleans
 * (`yes`, `off`, `y`), numbers in base 2, 8, 10 and 16 with underscores (`0644` becomes `420`), floats. Dates and base 60 stay text.
 */
const truths = new Set(['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON']);
const untruths = new Set(['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF']);
const nothings = new Set(['', '~', 'null', 'Null', 'NULL']);

const integer = /^([-+]?)(?:0b([01]+)|0x([0-9a-fA-F]+)|0o?([0-7]+)|(0|[1-9][0-9]*))$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

/** The text of the flag value an unquoted YAML value becomes. */
export function plainScalarText(source: string): string {
  if (nothings.has(source)) return '';
  if (truths.has(source)) return 'true';
  if (untruths.has(source)) return 'false';
  if (!/^[-+.0-9]/.test(source)) return source;
  const digits = source.replaceAll('_', '');
  const match = integer.exec(digits);
  if (match) {
    const [, sign = '', binary, hexadecimal, octal, decimal = ''] = match;
    const literal = binary ? `0b${binary}` : hexadecimal ? `0x${hexadecimal}` : octal ? `0o${octal}` : decimal;
    const value = BigInt(literal);
    return String(sign === '-' ? -value : value);
  }
  return float.test(digits) ? String(Number(digits)) : source;
}
