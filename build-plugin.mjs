/**
 * What is made from other files when check-image is built or tested, so that neither `yaml` nor `ajv` is imported at run
 * time for it: `validator:NAME` is the compiled validator of schemas/NAME.schema.json, and a `.yaml` file below
 * src/checks/contracts is the contract it holds, `differences:NAME` the list in src/diff/differences/NAME.yaml, both read and
 * checked by the same code that reads a user's.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import Ajv from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';

const here = import.meta.dirname;

/** Documents that programs write have their first error told; those of people all of them. */
const writtenByPrograms = ['report-1', 'baseline-1'];

/** JavaScript of the validator of one schema; it imports nothing. */
export function compileValidator(name) {
  const schema = JSON.parse(readFileSync(resolve(here, `schemas/${name}.schema.json`), 'utf8'));
  const allErrors = !writtenByPrograms.includes(name);
  const ajv = new Ajv({ allErrors, strict: false, unicodeRegExp: false, code: { source: true, esm: true } });
  const code = standaloneCode.default(ajv, ajv.compile(schema));
  if (/\brequire\(/.test(code)) throw new Error(`the validator of ${name} needs ajv at run time: avoid that keyword`);
  return code;
}

/** A list of src/diff/differences as a module; throws ContractError. */
export async function compileDifferences(name) {
  compiler ??= bundleCompiler();
  const { parseDifferences } = await compiler;
  const file = differencesFile(name);
  const list = parseDifferences(readFileSync(file, 'utf8'), `${name}.yaml`);
  return `export default JSON.parse(${JSON.stringify(JSON.stringify(list))});`;
}

const differencesFile = (name) => resolve(here, `src/diff/differences/${name}.yaml`);

let compiler;

/** The contract in a file of src/checks/contracts as a module; throws ContractError. */
export async function compileContract(file) {
  compiler ??= bundleCompiler();
  const { parseContract, completeContract } = await compiler;
  const label = `${file.replace(/^.*\//, '')}`;
  const contract = completeContract(parseContract(readFileSync(file, 'utf8'), label));
  return `export default JSON.parse(${JSON.stringify(JSON.stringify(contract))});`;
}

async function bundleCompiler() {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { parseContract } from './checks/language/parse-contract.ts';
        export { completeContract } from './checks/language/complete-contract.ts';
        export { parseDifferences } from './diff/differences/parse-differences.ts';`,
      resolveDir: resolve(here, 'src'),
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    plugins: [validators],
    banner: {
      js: `import { createRequire } from 'node:module'; const require = createRequire(${JSON.stringify(import.meta.url)});`,
    },
    logLevel: 'warning',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

const validators = {
  name: 'validators',
  setup(setup) {
    setup.onResolve({ filter: /^validator:/ }, ({ path }) => ({ path, namespace: 'validator' }));
    setup.onLoad({ filter: /.*/, namespace: 'validator' }, ({ path }) => ({
      contents: compileValidator(path.slice('validator:'.length)),
      watchFiles: [resolve(here, `schemas/${path.slice('validator:'.length)}.schema.json`)],
    }));
  },
};

const contracts = {
  name: 'contracts',
  setup(setup) {
    setup.onLoad({ filter: /\.yaml$/ }, async ({ path }) => ({ contents: await compileContract(path) }));
  },
};

const differences = {
  name: 'differences',
  setup(setup) {
    setup.onResolve({ filter: /^differences:/ }, ({ path }) => ({ path, namespace: 'differences' }));
    setup.onLoad({ filter: /.*/, namespace: 'differences' }, async ({ path }) => {
      const name = path.slice('differences:'.length);
      return { contents: await compileDifferences(name), watchFiles: [differencesFile(name)] };
    });
  },
};

/** For esbuild. */
export const esbuildPlugins = [validators, contracts, differences];

/** For vite. */
export const vitePlugin = {
  name: 'compiled-sources',
  enforce: 'pre',
  resolveId(id) {
    return /^(?:validator|differences):/.test(id) ? `\0${id}` : undefined;
  },
  async load(id) {
    if (id.startsWith('\0validator:')) return compileValidator(id.slice('\0validator:'.length));
    if (id.startsWith('\0differences:')) return compileDifferences(id.slice('\0differences:'.length));
    return id.endsWith('.yaml') ? compileContract(id) : undefined;
  },
};
