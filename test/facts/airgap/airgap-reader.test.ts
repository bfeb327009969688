import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import type { MemoryTree } from '../../../src/filesystems/memory.ts';
import { factsOf } from '../network/nodes.ts';
import { makeTar } from './make-tar.ts';

const folder = '/var/lib/rancher/k3s/agent/images';
const json = JSON.stringify;

async function read(files: MemoryTree) {
  const tree = Object.fromEntries(Object.entries(files).map(([name, node]) => [`${folder}/${name}`, node]));
  return (await factsOf(tree)).get('airgap');
}

const saved = makeTar({
  'manifest.json': json([{ Config: 'aa.json', RepoTags: ['docker.io/rancher/mirrored-pause:3.6'], Layers: [] }]),
  'aa.json': json({ architecture: 'amd64', os: 'linux' }),
});

it('reads names and architectures of what docker save wrote, plain and compressed', async () => {
  const { value, gaps } = await read({ 'a.tar': saved, 'b.tar.gz': gzipSync(saved) });
  const images = [{ names: ['docker.io/rancher/mirrored-pause:3.6'], architecture: 'amd64' }];
  expect(value.files).toMatchObject([
    { name: 'a.tar', kind: 'archive', images },
    { name: 'b.tar.gz', kind: 'archive', images },
  ]);
  expect(gaps).toEqual([]);
});

it('reads an OCI layout through its blobs', async () => {
  const [manifest, config] = ['a'.repeat(64), 'b'.repeat(64)];
  const layout = makeTar({
    'index.json': json({
      manifests: [{ digest: `sha256:${manifest}`, annotations: { 'io.containerd.image.name': 'docker.io/a/b:1' } }],
    }),
    [`blobs/sha256/${manifest}`]: json({ config: { digest: `sha256:${config}` } }),
    [`blobs/sha256/${config}`]: json({ architecture: 'arm64' }),
  });
  const { value } = await read({ 'a.tar': layout });
  expect(value.files[0]?.images).toEqual([{ names: ['docker.io/a/b:1'], architecture: 'arm64' }]);
});

it.each<[string, Uint8Array | string, RegExp]>([
  ['a.tar', 'not a tar at all', /./],
  ['a.tar.gz', gzipSync(saved).subarray(0, 60), /./],
  ['a.tar', makeTar({ 'readme.txt': 'x' }), /neither manifest.json nor index.json/],
  ['a.tar', makeTar({ 'manifest.json': '[{' }), /no JSON/],
])('%s that k3s could not load says why', async (name, content, problem) => {
  const { value } = await read({ [name]: content });
  expect(value.files).toMatchObject([{ kind: 'archive', images: [], problem: expect.stringMatching(problem) }]);
});

it('tells lists and what k3s passes over from archives', async () => {
  const { value } = await read({
    'images.txt': 'docker.io/a/b:1\n',
    'k3s.tar.xz': 'x',
    'gone.tar': { link: '/nowhere' },
  });
  expect(value.files.map(({ name, kind, problem }) => [name, kind, problem])).toEqual([
    ['gone.tar', 'archive', 'the link leads nowhere'],
    ['images.txt', 'list', undefined],
    ['k3s.tar.xz', 'other', undefined],
  ]);
});

it('looks where a configuration file puts the data', async () => {
  const unit =
    '[Unit]\nDescription=k3s\n[Service]\nExecStart=/usr/bin/k3s server\n[Install]\nWantedBy=multi-user.target\n';
  const facts = await factsOf({
    '/usr/lib/systemd/system/k3s-server.service': unit,
    '/etc/systemd/system/multi-user.target.wants/k3s-server.service': {
      link: '/usr/lib/systemd/system/k3s-server.service',
    },
    '/usr/lib/systemd/system/default.target': { link: 'multi-user.target' },
    '/usr/lib/systemd/system/multi-user.target': '[Unit]\nDescription=x\n',
    '/etc/rancher/k3s/config.yaml': 'data-dir: /data/k3s\n',
    '/data/k3s/agent/images/a.txt': 'x\n',
  });
  expect(facts.get('airgap').value).toMatchObject({
    directory: { path: '/data/k3s/agent/images', isPresent: true },
    files: [{ name: 'a.txt', kind: 'list' }],
  });
});

it('is empty without the folder', async () => {
  expect((await read({})).value).toMatchObject({ directory: { isPresent: false }, files: [] });
});
