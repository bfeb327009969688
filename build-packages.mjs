/** How packages and Node's own modules get into the built program: the former whole, the latter no sooner than they are called. */
import fs, { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;

/** What is taken from built-in modules that are loaded when one of these is first called: loading one takes up to 8 ms. */
const onDemand = {
  'node:crypto': ['createHash', 'createHmac', 'randomBytes'],
  'node:os': ['availableParallelism', 'tmpdir'],
  'node:worker_threads': ['MessageChannel', 'Worker', 'receiveMessageOnPort'],
};
/** Threads themselves have the module loaded, and take more of it. */
const inThread = /-worker\.ts$|one-file\.ts$/;

const plainNames = Object.entries(Object.getOwnPropertyDescriptors(fs)).flatMap(([name, { get }]) =>
  get ? [] : [name],
);

export const loadBuiltinsLate = {
  name: 'built-in modules',
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ kind, path, importer }) => {
      if (path === 'node:fs' && kind === 'import-statement') return { path, namespace: 'plain' };
      if (kind === 'require-call') return { path, namespace: 'required' };
      return onDemand[path] && kind === 'import-statement' && !inThread.test(importer)
        ? { path, namespace: 'late' }
        : undefined;
    });
    build.onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
      contents: [
        `const late = (name) => new Proxy(function () {}, {`,
        `  apply: (_, _self, given) => process.getBuiltinModule('${path}')[name](...given),`,
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

/** The program is one function of what a CommonJS module is given, for src/cli/launch.ts to call. */
export const programFormat = {
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  define: { 'import.meta.url': 'programUrl' },
  banner: { js: '(function (require, module, programUrl) {' },
  footer: { js: '})' },
};

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
