/**
 * How the built program is cut into files. Loading a module costs Node more than reading its text, so what nearly every command
 * on an image needs is one file; and a built-in module that one run in ten needs is loaded by its first call.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const here = import.meta.dirname;
const relative = (path) => path.slice(here.length + 1);

/** Small modules that are everywhere: in every part, so that they are one file and not thirty. */
const base = [
  'src/errors.ts',
  'src/limits.ts',
  'src/location.ts',
  'src/bytes/byte-source.ts',
  'src/bytes/file-source.ts',
  'src/bytes/memory-source.ts',
  'src/bytes/names.ts',
  'src/bytes/worker-thread.ts',
  'src/bytes/checksums/crc32c.ts',
  'src/bytes/checksums/sha256.ts',
  'src/checks/binding.ts',
  'src/checks/detectors.ts',
  'src/checks/result.ts',
  'src/checks/verdict.ts',
  'src/checks/contracts/registry.ts',
  'src/checks/language/load-contract.ts',
  'src/checks/language/nearest-name.ts',
  'src/checks/lint/lint-rule.ts',
  'src/cli/contract-files.ts',
  'src/cli/host-files.ts',
  'src/cli/limit-options.ts',
  'src/cli/version.ts',
  'src/cli/judging/conclude-run.ts',
  'src/cli/commands/image-options.ts',
  'src/cli/commands/system-options.ts',
  'src/facts/files/capabilities.ts',
  'src/filesystems/extent-source.ts',
  'src/filesystems/recent-cache.ts',
  'src/report/escape.ts',
  'src/report/findings.ts',
  'src/report/format-size.ts',
  'src/report/registry.ts',
  'src/report/render.ts',
];
/** What every command that opens an image ends up with. */
const core = ['src/root/open-image.ts'];

/** Parts that are never loaded without the core. */
const beside =
  /^src\/(?:bytes|volumes|filesystems|root|facts|diff)\/|^src\/cli\/commands\/(?:[a-z-]+\/)?(?:[a-z]+-(?:images|files|links|tree|tar|status|work)|run-systemctl)\.ts$|^src\/cli\/judging\/|^src\/index\.ts$/;
const apart = /^src\/cli\/commands\/(?:completion|contract|reference)-work\.ts$|\/(?:block|nar-hash)-worker\.ts$/;

/** The entry point of a worker thread, as a part. */
export const part = (path) => `part:${path}`;

/**
 * esbuild cuts a file out of what exactly the same parts share. Each part is entered through a module that imports the groups
 * above first, so that all of a group is shared by the same parts.
 */
const keepGroupsWhole = {
  name: 'groups',
  setup(build) {
    build.onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ kind, path, resolveDir, namespace }) => {
      if (namespace === 'part' || kind !== 'dynamic-import') return undefined;
      return { path: relative(resolve(resolveDir, path)), namespace: 'part' };
    });
    build.onResolve({ filter: /^part:/ }, ({ path }) => ({ path: path.slice('part:'.length), namespace: 'part' }));
    build.onLoad({ filter: /.*/, namespace: 'part' }, ({ path }) => {
      const groups = beside.test(path) && !apart.test(path) ? [...base, ...core] : base;
      const contents = [...groups.map((file) => `import './${file}';`), `export * from './${path}';`].join('\n');
      return { contents, resolveDir: here };
    });
  },
};

/** Functions of built-in modules that are loaded when one of them is first called: the module costs up to 8 ms. */
const onDemand = { 'node:crypto': ['createHash', 'randomBytes'] };

const loadBuiltinsLate = {
  name: 'built-in modules',
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ kind, path, namespace }) => {
      if (namespace === 'late') return undefined;
      if (kind === 'require-call') return { path, namespace: 'required' };
      return onDemand[path] && kind === 'import-statement' ? { path, namespace: 'late' } : undefined;
    });
    build.onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
      contents: onDemand[path]
        .map((name) => `export const ${name} = (...given) => process.getBuiltinModule('${path}').${name}(...given);`)
        .join('\n'),
    }));
    // A CommonJS package that has been bundled has no `require`; what it names is loaded when it is used.
    build.onLoad({ filter: /.*/, namespace: 'required' }, ({ path }) => ({
      contents: `module.exports = new Proxy({}, { get: (_, name) => process.getBuiltinModule('${path}')[name] });`,
    }));
  },
};

export const chunkPlugins = [keepGroupsWhole, loadBuiltinsLate];

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
