/**
 * The figures of the tool, as ratios against a yardstick taken in the same run: medians of at least 7 (formats: 3) by hyperfine. Needs the images of
 * `npm run images`, hyperfine, and Debian's package time. Prints a table; asserts nothing.
 *   npm run bench [-- NAME...]      only the rows whose name holds one of the words
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { loadBuiltinsLate, programFormat } from '../../build-packages.mjs';
import { esbuildPlugins } from '../../build-plugin.mjs';
import { formatRows } from './formats.mjs';

const project = resolve(import.meta.dirname, '../..');
const images = process.env.CHECK_IMAGE_IMAGES ?? join(project, 'build/images');
const image = (name) => join(images, name);
/** As it is installed; it starts the first `node` of the path. */
const tool = join(project, 'dist/cli.cjs');
process.env.PATH = `${dirname(process.execPath)}:${process.env.PATH}`;
const scratch = mkdtempSync(join(tmpdir(), 'check-image-bench-'));
/** For what readers write: what a disk does is nobody's merit. */
const inMemory = existsSync('/dev/shm') ? mkdtempSync('/dev/shm/check-image-bench-') : scratch;

const changed = join(scratch, 'changed.wic');

const node = `${process.execPath} -e 0`;

/** Runs of a command before it is another's turn. */
const TURN = 3;

/** Each row: what runs, what it is held against, and the ratio that is aimed at. */
const rows = [
  { name: 'start: --version', run: `${tool} --version`, against: node, aim: 2 },
  { name: 'verdict: raw .wic', run: `${tool} ${image('k3s-server.wic')}`, against: node, aim: 4, memory: 150 },
  { name: 'verdict: .ext4', run: `${tool} ${image('k3s-server.ext4')}`, against: node, aim: 4, memory: 150 },
  { name: 'verdict: folder', run: `${tool} ${image('k3s-server.rootfs')}`, against: node, aim: 4, memory: 150 },
  {
    name: 'verdict: NixOS, 400 paths',
    run: `${tool} ${image('nixos-server.ext4')}`,
    against: `${tool} ${image('k3s-server.ext4')}`,
    aim: 1.5,
    memory: 200,
  },
  {
    name: 'verdict: NixOS, without records',
    run: `${tool} ${image('nixos-server.store')}`,
    against: `${tool} ${image('k3s-server.ext4')}`,
    aim: 1.5,
    memory: 200,
  },
  {
    name: 'verdict: .wic.zst',
    run: `${tool} ${image('k3s-server.wic.zst')}`,
    against: `sh -c "zstd -dc ${image('k3s-server.wic.zst')} > /dev/null"`,
    aim: 2,
    memory: 200,
  },
  {
    name: 'verdict: .wic.gz',
    run: `${tool} ${image('k3s-server.wic.gz')}`,
    against: `sh -c "gzip -dc ${image('k3s-server.wic.gz')} > /dev/null"`,
    aim: 2,
    memory: 200,
  },
  {
    name: 'verdict: .wic.xz',
    run: `${tool} ${image('k3s-server.wic.xz')}`,
    against: `sh -c "xz -dc -T1 ${image('k3s-server.wic.xz')} > /dev/null"`,
    aim: 1.5,
    memory: 250,
  },
  {
    name: 'list: every inode of the .ext4',
    run: `sh -c "${tool} find ${image('k3s-server.ext4')} > /dev/null"`,
    against: () =>
      `sh -c "debugfs -f ${debugfsCommands('k3s-server.ext4')} ${image('k3s-server.ext4')} > /dev/null 2>&1"`,
    aim: 1,
    memory: 150,
  },
  {
    name: 'list: ls -lR of the .ext4',
    run: `sh -c "${tool} ls -lR ${image('k3s-server.ext4')}:/ > /dev/null"`,
    against: () =>
      `sh -c "debugfs -f ${debugfsCommands('k3s-server.ext4')} ${image('k3s-server.ext4')} > /dev/null 2>&1"`,
    aim: 2,
    memory: 150,
  },
  { name: 'ls: one directory', run: `${tool} ls -l ${image('k3s-server.wic')}:/etc`, against: node, aim: 4 },
  {
    name: 'diff: few changes',
    prepare: makeChanged,
    run: `${tool} diff ${image('k3s-server.wic')} ${changed}`,
    against: `${tool} ${image('k3s-server.wic')}`,
    aim: 2.5,
    memory: 300,
  },
  {
    name: 'diff: two raw .wic',
    run: `${tool} diff ${image('k3s-server.wic')} ${image('k3s-agent.wic')}`,
    against: `${tool} ${image('k3s-server.wic')}`,
    aim: 2.5,
    memory: 300,
  },
  {
    name: 'diff --files: few changes',
    prepare: makeChanged,
    run: `${tool} diff --files ${image('k3s-server.wic')} ${changed}`,
    against: () => compareTrees(image('k3s-server.wic'), changed),
    aim: 1.5,
    memory: 300,
  },
  {
    name: 'diff --files: two raw .wic',
    run: `${tool} diff --files ${image('k3s-server.wic')} ${image('k3s-agent.wic')}`,
    against: () => compareTrees(image('k3s-server.wic'), image('k3s-agent.wic')),
    aim: 1.5,
    memory: 300,
  },
  { name: 'explain', run: `${tool} explain K3S-SVC-07`, against: node, aim: 3 },
  ...formatRows({
    tool,
    tree: image('k3s-server.rootfs'),
    inMemory,
    bench: process.env.CHECK_IMAGE_BENCH ?? join(project, 'build/bench'),
  }),
];

/** A command file that has debugfs list every directory with its inodes. */
function debugfsCommands(name) {
  const { stdout } = spawnSync(tool, ['find', image(name), '--type', 'd'], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const file = join(scratch, 'directories');
  const paths = stdout.split('\n').filter((path) => path.startsWith('/'));
  writeFileSync(file, `${paths.map((path) => `ls -l "${path}"`).join('\n')}\n`);
  return file;
}

/** The server as a later build would make it: a kernel parameter, a unit, the name and a program differ. */
function makeChanged() {
  if (existsSync(changed)) return;
  execute('cp', ['--sparse=always', image('k3s-server.wic'), changed]);
  // The root partition of the built disks starts behind the first MiB and the ESP.
  const device = `${changed}?offset=${257 * 1024 * 1024}`;
  const texts = {
    '/etc/sysctl.d/99-later.conf': 'vm.swappiness = 10\n',
    '/etc/systemd/system/later.service': '[Service]\nExecStart=/usr/bin/true\n',
    '/etc/hostname': 'later\n',
    '/usr/bin/later': '#!/bin/sh\nexit 0\n',
  };
  const commands = Object.entries(texts).flatMap(([path, text], i) => {
    const file = join(scratch, `text${i}`);
    writeFileSync(file, text);
    return [`rm ${path}`, `write ${file} ${path}`];
  });
  const script = join(scratch, 'changes');
  writeFileSync(script, `${commands.join('\n')}\n`);
  execute('debugfs', ['-w', '-f', script, device]);
  // Nothing is measured while it is being written.
  execute('sync', [changed]);
}

function execute(program, words) {
  const { status, error, stderr } = spawnSync(program, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program}: ${stderr || error}`);
}

/** cmp of every file of two extracted trees. */
function compareTrees(...paths) {
  const folders = paths.map((path, i) => join(scratch, `${i}-${basename(path)}`));
  for (const [i, path] of paths.entries()) spawnSync(tool, ['extract', path, folders[i]]);
  const script = join(scratch, 'compare.sh');
  writeFileSync(script, `cd ${folders[0]}; find . -type f -exec cmp -s {} ${folders[1]}/{} \\;\n`);
  return `sh ${script}`;
}

/** The times of so many runs, in seconds. */
function measure(command, runs) {
  const json = join(scratch, 'times.json');
  const ran = spawnSync(
    'hyperfine',
    ['-N', '--warmup', '1', '--runs', String(runs), '--ignore-failure', '--export-json', json, command],
    { encoding: 'utf8' },
  );
  if (ran.status !== 0) throw new Error(`hyperfine: ${ran.stderr || ran.error}`);
  return JSON.parse(readFileSync(json, 'utf8')).results[0].times;
}

/** Medians of several commands, by turns: a machine that becomes slower or faster meanwhile does so for all of them. */
function medians(commands, runs = 9) {
  const times = commands.map(() => []);
  for (let done = 0; done < runs; done += TURN)
    for (const [i, command] of commands.entries()) times[i].push(...measure(command, TURN));
  return times.map((each) => each.sort((a, b) => a - b)[Math.floor(each.length / 2)]);
}

/** Peak resident memory in MiB. */
function peakMemory(command) {
  const { stderr } = spawnSync('/usr/bin/time', ['-f', 'peak %M', 'sh', '-c', `${command} > /dev/null 2>&1`], {
    encoding: 'utf8',
  });
  return Number(/peak (\d+)/.exec(stderr)?.[1]) / 1024;
}

/** All units of the .ext4 loaded in a process of its own, started as the program is, several times: the median beyond reading. */
async function measureUnits(runs = 7) {
  const common = {
    absWorkingDir: project,
    outdir: scratch,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    minify: true,
  };
  await build({
    ...common,
    ...programFormat,
    entryPoints: ['test/bench/units.ts'],
    plugins: [loadBuiltinsLate, ...esbuildPlugins],
    alias: { yaml: './node_modules/yaml/browser/index.js' },
  });
  await build({
    ...common,
    entryPoints: ['src/cli/launch.ts'],
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    define: { CHECK_IMAGE_PROGRAM: '"units.cjs"' },
  });
  const figures = Array.from({ length: runs + 1 }, () =>
    JSON.parse(
      spawnSync(process.execPath, [join(scratch, 'launch.mjs'), image('k3s-server.ext4')], { encoding: 'utf8' }).stdout,
    ),
  ).slice(1);
  return figures.sort((a, b) => a.beyond - b.beyond)[Math.floor(runs / 2)];
}

const words = process.argv.slice(2);
const ms = (seconds) => `${(seconds * 1000).toFixed(0)} ms`.padStart(9);
if (process.env.NODE_EXTRA_CA_CERTS && process.versions.node.startsWith('20.'))
  console.log(
    'NODE_EXTRA_CA_CERTS is set: `node -e 0` reads those certificates, the tool does without. `unset` it for what others see.\n',
  );
console.log(
  `${'what'.padEnd(32)}${'took'.padStart(9)}${'against'.padStart(10)}${'ratio'.padStart(8)}${'aim'.padStart(7)}${'memory'.padStart(11)}`,
);
try {
  for (const { name, prepare, run, against, aim, memory, runs } of rows) {
    if (words.length > 0 && !words.some((word) => name.includes(word))) continue;
    prepare?.();
    const commands = [run, typeof against === 'function' ? against() : against].filter((one) => one !== undefined);
    const [took, yardstick] = medians(commands, runs);
    const peak = memory ? `${peakMemory(run).toFixed(0)} MiB`.padStart(11) : '';
    const ratio = yardstick
      ? `${ms(yardstick).padStart(10)}${(took / yardstick).toFixed(2).padStart(8)}${`<= ${aim}`.padStart(7)}`
      : ' '.repeat(25);
    console.log(`${name.padEnd(32)}${ms(took)}${ratio}${peak}`);
  }
  if (words.length === 0 || words.includes('units')) {
    const { units, all, beyond } = await measureUnits();
    console.log(
      `${`units: ${units} loaded`.padEnd(32)}${ms(all / 1000)}   ${beyond.toFixed(0)} ms of it beyond reading (aim 60)`,
    );
  }
} finally {
  for (const folder of [scratch, inMemory]) rmSync(folder, { recursive: true, force: true });
}
