/**
 * How the built program is cut into files. Loading a module costs Node more than reading its text, so what nearly every command
 * on an image needs is one file; and a built-in module that one run in ten needs is loaded by its first call.
 */
import fs, { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const here = import.meta.dirname;
const relative = (path) => path.slice(here.length + 1);

/** What judging an image loads: of the files that only exist because other parts share them, the small ones become one. */
const gate = [
  'src/cli/program.ts',
  'src/cli/commands/judge-images.ts',
  'src/report/text-report.ts',
  'src/filesystems/ext/open-ext.ts',
  'src/filesystems/fat/vfat.ts',
];
/** What every command that opens an image ends up with. */
const core = 'src/root/open-image.ts';
/** Parts that are never loaded without it, though they know nothing of it. */
const besideCore = /^src\/(?:bytes\/codecs|volumes|filesystems|facts)\//;
/** Bytes of a file that is not worth a load of its own. */
const SMALL = 16 * 1024;

/** Bytes of source that a module of the base may bring along. */
const LIGHT = 64 * 1024;

/** The entry point of a worker thread, as a part. */
export const part = (path) => `part:${path}`;

/** The modules that all parts have in common; none for a first build, of which `findGroups` finds them. */
export const noGroups = { base: [], withCore: () => false };

/** From the metafile of a build without groups: which modules are the base, and which parts have the core. */
export function findGroups({ inputs, outputs }) {
  const fileOf = new Map();
  for (const [file, { entryPoint }] of Object.entries(outputs))
    if (entryPoint) fileOf.set(entryPoint.replace(/^part:/, ''), file);
  const closure = (entries) => {
    const files = new Set(entries.flatMap((entry) => fileOf.get(entry) ?? []));
    for (const file of files)
      for (const { path, kind } of outputs[file].imports)
        if (kind === 'import-statement' && outputs[path]) files.add(path);
    return [...files];
  };
  const modulesOf = (files) =>
    files.flatMap((file) => Object.keys(outputs[file].inputs)).filter((path) => path.startsWith('src/'));
  const first = new Set(modulesOf(closure(['src/cli/main.ts'])));
  const shared = closure(gate).filter((file) => !outputs[file].entryPoint && outputs[file].bytes < SMALL);
  const base = modulesOf(shared).filter((path) => !first.has(path) && closureBytes(inputs, path) < LIGHT);
  const withCore = (path) => besideCore.test(path) || modulesOf(closure([path])).includes(core);
  return { base, withCore };
}

/** Bytes of source of a module and everything it imports at once. */
function closureBytes(inputs, path) {
  const modules = new Set([path]);
  for (const module of modules)
    for (const { path: next, kind } of inputs[module].imports)
      if (kind === 'import-statement' && inputs[next]) modules.add(next);
  return [...modules].reduce((sum, module) => sum + inputs[module].bytes, 0);
}

/**
 * esbuild cuts a file out of what exactly the same parts share. Each part is entered through a module that imports the groups
 * first, so that all of a group is shared by the same parts.
 */
const keepGroupsWhole = ({ base, withCore }) => ({
  name: 'groups',
  setup(build) {
    build.onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ kind, path, resolveDir, namespace }) => {
      if (namespace === 'part' || kind !== 'dynamic-import') return undefined;
      return { path: relative(resolve(resolveDir, path)), namespace: 'part' };
    });
    build.onResolve({ filter: /^part:/ }, ({ path }) => ({ path: path.slice('part:'.length), namespace: 'part' }));
    build.onLoad({ filter: /.*/, namespace: 'part' }, ({ path }) => {
      const groups = withCore(path) && !path.endsWith('-worker.ts') ? [...base, core] : base;
      const contents = [...groups.map((file) => `import './${file}';`), `export * from './${path}';`].join('\n');
      return { contents, resolveDir: here };
    });
  },
});

/** What is taken from built-in modules that are loaded when one of these is first called: loading one takes up to 8 ms. */
const onDemand = {
  'node:crypto': ['createHash', 'createHmac', 'randomBytes'],
  'node:os': ['availableParallelism', 'tmpdir'],
  'node:worker_threads': ['Worker'],
};
/** Threads themselves have the module loaded, and take more of it. */
const inThread = /-worker\.ts$/;

const plainNames = Object.entries(Object.getOwnPropertyDescriptors(fs)).flatMap(([name, { get }]) =>
  get ? [] : [name],
);

export const loadBuiltinsLate = {
  name: 'built-in modules',
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ kind, path, namespace, importer }) => {
      if (path === 'node:fs' && kind === 'import-statement') return { path, namespace: 'plain' };
      if (kind === 'require-call') return { path, namespace: 'required' };
      return onDemand[path] && kind === 'import-statement' && !inThread.test(importer)
        ? { path, namespace: 'late' }
        : undefined;
    });
    build.onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
      contents: [
        `const late = (name) => new Proxy(function () {}, {`,
        `  apply: (_, self, given) => process.getBuiltinModule('${path}')[name](...given),`,
        `  construct: (_, given) => Reflect.construct(process.getBuiltinModule('${path}')[name], given),`,
        `});`,
        ...onDemand[path].map((name) => `export const ${name} = /* @__PURE__ */ late('${name}');`),
      ].join('\n'),
    }));
    // An import of node:fs asks all its getters, and those of the streams load forty modules: only the plain functions are taken.
    build.onLoad({ filter: /.*/, namespace: 'plain' }, () => ({
      contents: [
        `const fs = process.getBuiltinModule('node:fs');`,
        ...plainNames.map((name) => `export const ${name} = /* @__PURE__ */ (() => fs.${name})();`),
      ].join('\n'),
    }));
    // A CommonJS package that has been bundled has no `require`; what it names is loaded when it is used.
    build.onLoad({ filter: /.*/, namespace: 'required' }, ({ path }) => ({
      contents: `module.exports = new Proxy({}, { get: (_, name) => process.getBuiltinModule('${path}')[name] });`,
    }));
  },
};

/** The plugins of a build with these groups. */
export const chunkPlugins = (groups) => [keepGroupsWhole(groups), loadBuiltinsLate];

/** The licence texts of the packages among the inputs of a build. */
export function collectLicences({ inputs }) {
  const packages = new Set(
    Object.keys(inputs).flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []),
  );
  return [...packages].sort().map((name) => {
    const folder = join(here, 'node_modules', name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = ['LICENSE', 'LICENSE.md', 'LICENSE.txt'].map((each) => join(folder, each)).find(existsSync);
    return `${name} ${version} (${license})\n\n${file ? readFileSync(file, 'utf8').trim() : ''}\n`;
  });
}
