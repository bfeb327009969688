/** Container images beside k3s: archives it can load, for the node's architecture and the series of k3s. */
import type { AirgapFile } from '../../facts/airgap/airgap-fact.ts';
import type { Verdict } from '../check.ts';
import { at, fail, joinVerdicts, pass, skip } from '../verdict.ts';
import type { Rule } from './rule.ts';

interface Options {
  readonly architecture: string;
  /** `1.32`. */
  readonly series: string;
}

export const airgapImages: Rule<Options> = {
  id: 'airgap-images',
  title: 'Archives of container images can be loaded and are for the architecture and series of the node',
  needs: ['airgap'],
  options: { architecture: 'text', series: 'text' },
  evaluate: ({ architecture, series }, facts) => {
    const { directory, files } = facts.get('airgap');
    if (!directory.isPresent || files.length === 0) return skip(`there are no images in ${directory.path}`);
    const parts = files.flatMap((file) => judgeFile(file, architecture, series));
    const archives = files.filter(({ kind }) => kind === 'archive');
    return joinVerdicts(
      [
        ...parts,
        pass(
          `${archives.length} archives`,
          archives.map(({ location }) => at(location)),
        ),
      ],
      'must',
    );
  },
};

function judgeFile(file: AirgapFile, architecture: string, series: string): readonly Verdict[] {
  const { name, kind, problem, location } = file;
  const evidence = [at(location)];
  if (kind === 'other')
    return [
      fail(`k3s passes over ${name}`, {
        expected: '.tar, .tar.gz, .tar.zst, .tar.lz4, .tar.bz2 or .txt',
        found: name,
        evidence,
        severity: 'should',
      }),
    ];
  if (problem !== undefined)
    return [
      fail(`${name} cannot be loaded: ${problem}`, { expected: 'an archive of images', found: problem, evidence }),
    ];
  const foreign = file.images.find((one) => one.architecture !== undefined && one.architecture !== architecture);
  if (foreign) {
    const image = foreign.names[0] ?? 'an image';
    return [
      fail(`${image} in ${name} is for ${foreign.architecture}`, {
        expected: architecture,
        found: foreign.architecture ?? '',
        evidence,
      }),
    ];
  }
  const version = [name, ...file.images.flatMap(({ names }) => names.filter((one) => /\/k3s:/.test(one)))]
    .map((one) => /v([0-9]+\.[0-9]+)\.[0-9]+[+-]k3s[0-9]+/.exec(one)?.[1])
    .find((one) => one !== undefined && one !== series);
  return version === undefined
    ? []
    : [fail(`${name} is for k3s ${version}`, { expected: series, found: version, evidence })];
}
