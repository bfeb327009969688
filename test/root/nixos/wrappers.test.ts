/** Setuid programs in the script that makes them at boot. */
import { describe, expect, it } from 'vitest';
import { parseWrapperScript } from '../../../src/root/nixos/wrappers.ts';

const store = `/nix/store/${'a'.repeat(32)}-security-wrapper-sudo`;

/** As setcap(8) writes `cap_setpcap,cap_net_raw+p`. */
const setcap = Buffer.from('0000000200210000000000000000000000000000', 'hex');

describe('the script that makes wrappers', () => {
  it('gives each its source, owner and mode', () => {
    const script = [
      `cp ${store}/bin/security-wrapper "$wrapperDir/sudo"`,
      'chmod 0000 "$wrapperDir/sudo"',
      'chown root:wheel "$wrapperDir/sudo"',
      'chmod "u+s,g+s,u+rx,g+x,o+x,g-s" "$wrapperDir/sudo"',
      `cp ${store}/bin/security-wrapper "$wrapperDir/ping"`,
      `${store}/bin/setcap "cap_setpcap,cap_net_raw+p" "$wrapperDir/ping"`,
      'chmod "u-s,g-s,u+rx,g+x,o+x" "$wrapperDir/ping"',
      'chown root:root "$wrapperDir/other"',
      'mv -T $wrapperDir /run/wrappers/wrappers',
    ].join('\n');
    const source = `${store}/bin/security-wrapper`;
    expect(parseWrapperScript(script)).toEqual([
      { name: 'sudo', source, mode: 0o4511, user: 'root', group: 'wheel' },
      { name: 'ping', source, mode: 0o511, user: 'root', group: 'root', capabilities: setcap },
    ]);
  });

  it('may give permissions in octal', () => {
    const lines = ['chmod 0000 "$wrapperDir/x"', 'chmod 4755 "$wrapperDir/x"'];
    const script = [`cp ${store}/bin/security-wrapper "$wrapperDir/x"`, ...lines].join('\n');
    expect(parseWrapperScript(script)).toMatchObject([{ name: 'x', mode: 0o4755 }]);
  });

  it('may be anything else', () => {
    expect(parseWrapperScript('')).toEqual([]);
    expect(parseWrapperScript('cp a b\nchmod x y\n'.repeat(100))).toEqual([]);
  });
});
