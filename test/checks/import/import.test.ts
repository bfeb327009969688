import { describe, expect, it } from 'vitest';
import { importGoss } from '../../../src/checks/import/goss.ts';
import type { Imported } from '../../../src/checks/import/imported.ts';
import { importStructureTest } from '../../../src/checks/import/structure-test.ts';
import { parseDocument } from '../../../src/checks/language/parse-document.ts';

const claims = ({ checks }: Imported) => checks.map(({ kind, options }) => ({ [kind]: options }));
const refusals = ({ refused }: Imported) => refused.map(({ message, location }) => `${location.line}: ${message}`);
const structure = (text: string) => importStructureTest(parseDocument(`schemaVersion: 2.0.0\n${text}`, 't.yaml'));
const goss = (text: string) => importGoss(parseDocument(text, 'goss.yaml'));

describe('container-structure-test', () => {
  it('gives claims about files', () => {
    const imported = structure(`fileExistenceTests:
- { name: Root, path: /, shouldExist: true, permissions: '-rw-r--r--', uid: 1000, gid: 1000, isExecutableBy: group }
- { name: gone, path: /fake, shouldExist: false }
- { name: suid, path: /bin/su, permissions: '-rwsr-xr-x', uid: 0 }
- { name: dir, path: /tmp, permissions: 'drwxrwxrwt', isExecutableBy: other }
- { name: tool, path: /bin/tool, isExecutableBy: owner }
fileContentTests:
- { name: sources, path: /etc/apt/sources.list, expectedContents: ['.*deb.*trixie.*', 'main'], excludedContents: [contrib] }
`);
    expect(claims(imported)).toEqual([
      { file: { path: '/', type: 'file', mode: { equals: '0644' }, owner: '1000:1000' } },
      { file: { path: '/fake', absent: true } },
      { file: { path: '/bin/su', type: 'file', mode: { equals: '4755' }, owner: { matches: '^0:' } } },
      { file: { path: '/tmp', type: 'directory', mode: { equals: '1777' } } },
      { file: { path: '/bin/tool', mode: { includes: '0100' } } },
      { content: { path: '/etc/apt/sources.list', value: { matches: '.*deb.*trixie.*' } } },
      { content: { path: '/etc/apt/sources.list', value: { matches: 'main' } } },
      { content: { path: '/etc/apt/sources.list', forbids: 'contrib' } },
    ]);
    expect(refusals(imported)).toEqual(['3: Root: its permissions say otherwise']);
  });

  it('says line by line what no claim can say', () => {
    const imported = structure(`commandTests:
- { name: gunicorn, command: which, args: [gunicorn] }
metadataTest: { workdir: /app }
fileExistenceTests:
- { name: any, path: /x, isExecutableBy: any }
- { name: nowhere }
fileContentTests:
- { name: back, path: /x, expectedContents: ['(a)\\1'] }
extra: 1
`);
    expect(refusals(imported)).toEqual([
      '3: gunicorn: a command needs a machine that runs; say what file, unit or package it would show',
      '4: metadataTest: the configuration of a container is not what a machine boots',
      '6: any: that anybody may execute it',
      '7: the test names no path',
      expect.stringMatching(/^9: the pattern \(a\)\\1: /),
      '10: extra is not known',
    ]);
  });
});

describe('goss', () => {
  it('gives claims about what is decided before a machine runs', () => {
    const imported = goss(`file:
  /etc/passwd: { exists: true, mode: "0644", owner: root, group: root, filetype: file, contents: ["root:x", "!/^toor/", "/^[a-z]+:/"] }
  /etc/gone: { exists: false }
  /etc/localtime: { exists: true, filetype: symlink, linked-to: /usr/share/zoneinfo/UTC }
package:
  nginx: { installed: true, versions: [1.26.0, 1.26.1] }
  gcc: { installed: false }
service:
  sshd: { enabled: true, running: true }
  debug-shell.service: { enabled: false }
kernel-param:
  net.ipv4.ip_forward: { value: "1" }
interface:
  eth0: { exists: true, mtu: 1500 }
`);
    expect(claims(imported)).toEqual([
      { file: { path: '/etc/passwd', type: 'file', mode: '0644', owner: '0:0' } },
      { content: { path: '/etc/passwd', value: { matches: 'root:x' } } },
      { content: { path: '/etc/passwd', forbids: '^toor' } },
      { content: { path: '/etc/passwd', value: { matches: '^[a-z]+:' } } },
      { file: { path: '/etc/gone', absent: true } },
      { file: { path: '/etc/localtime', type: 'symlink' } },
      { symlink: { path: '/etc/localtime', to: '/usr/share/zoneinfo/UTC' } },
      { package: { name: 'nginx', version: { 'one-of': ['1.26.0', '1.26.1'] } } },
      { package: { name: 'gcc', absent: true } },
      { unit: { name: 'sshd.service', started: 'boot' } },
      { unit: { name: 'debug-shell.service', started: 'never' } },
      { sysctl: { key: 'net.ipv4.ip_forward', value: '1' } },
      { 'network-interface': { name: 'eth0', exists: true } },
    ]);
    expect(refusals(imported)).toEqual([
      '9: service sshd: whether it still runs only a running machine can tell',
      '14: interface eth0: mtu is not among what a claim can say',
    ]);
  });

  it('says line by line what no claim can say', () => {
    const imported = goss(`port:
  tcp:22: { listening: true }
command:
  echo hi: { exit-status: 0 }
file:
  /x: { exists: true, owner: www-data, sha256: abc, contents: { and: [a] } }
strange:
  a: {}
`);
    expect(refusals(imported)).toEqual([
      expect.stringContaining('2: port tcp:22: who listens only a running machine can tell'),
      '4: command echo hi: only a running machine can tell',
      '6: /x: owner: owners are compared as numbers, both together',
      '6: /x: a matcher of goss',
      '6: /x: sha256 is not among what a claim can say',
      '8: strange a: it is not known',
    ]);
  });

  it('takes any document, whatever its values are', () => {
    const odd = ['1', 'x', '[]', '{}', 'true', '"__proto__"', '{ a: { b: [] } }', '[[1]]', '-1'];
    for (const kind of ['file', 'package', 'service', 'kernel-param', 'interface', 'port', '__proto__', 'constructor'])
      for (const value of odd) {
        expect(goss(`${kind}: ${value}\n`).checks).toEqual(expect.anything());
        for (const key of ['exists', 'mode', 'contents', 'value', 'versions', 'enabled', 'linked-to'])
          expect(goss(`${kind}: { n: { ${key}: ${value} } }\n`).refused).toEqual(expect.anything());
      }
    for (const value of odd)
      for (const key of ['commandTests', 'fileExistenceTests', 'fileContentTests', 'metadataTest'])
        expect(
          structure(`${key}: [${value}, { path: ${value}, expectedContents: ${value}, permissions: ${value} }]\n`)
            .checks,
        ).toBeDefined();
  });
});
