/** The unit a person means by `ssh`, `/dev/sda1` or `/var/lib`: unit_name_mangle() of systemd. */
import { encodeBytes } from '../../bytes/names.ts';
import { escapePath, isUnitType } from './unit-name.ts';

const unitCharacter = /[0-9A-Za-z:_.\\@-]/;

/** Adds the suffix `.service` unless there is one, escapes what no unit name may have, and takes paths for mounts and devices. */
export function parseAskedName(text: string): string {
  if (text.startsWith('/')) {
    const escaped = escapePath(text);
    if (escaped !== undefined) return `${escaped}.${text.startsWith('/dev/') ? 'device' : 'mount'}`;
  }
  const name = escapeCharacters(text);
  const hasType = isUnitType(name.slice(name.lastIndexOf('.') + 1)) && name.lastIndexOf('.') > 0;
  return hasType ? name : `${name}.service`;
}

function escapeCharacters(text: string): string {
  let name = '';
  for (const byte of encodeBytes(text)) {
    const character = String.fromCharCode(byte);
    if (character === '/') name += '-';
    else name += unitCharacter.test(character) ? character : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return name;
}
