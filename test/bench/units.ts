/**
 * The time of loading every unit of an image, in all and beyond reading, cold as a run of the gate is; prints JSON. `npm run bench --
 * units` starts it several times as the program is started, and takes the median.
 */
import { UnitSet } from '../../src/facts/systemd/unit-set.ts';
import { defaultLimits } from '../../src/limits.ts';
import { openImage } from '../../src/root/open-image.ts';
import { RootView } from '../../src/root/root-view.ts';

/** Milliseconds inside calls of the view: what is read, and looked up to be read. */
let reading = 0;
let depth = 0;

type Call = (this: RootView, ...given: unknown[]) => unknown;
const calls = RootView.prototype as unknown as Record<string, Call>;
for (const name of ['resolve', 'find', 'readLink', 'list', 'readBytes', 'readText', 'locate']) {
  const call = calls[name] as Call;
  calls[name] = function (this: RootView, ...given: unknown[]): unknown {
    const start = depth++ === 0 ? performance.now() : 0;
    try {
      return call.apply(this, given);
    } finally {
      if (--depth === 0) reading += performance.now() - start;
    }
  };
}

export async function main(): Promise<number> {
  const image = await openImage(process.argv[2] ?? '', { limits: defaultLimits });
  const set = new UnitSet(image.view);
  const names = [...set.index.names()].filter((name) => !name.includes('@.'));
  reading = 0;
  const start = performance.now();
  for (const name of names) set.load(name);
  const all = performance.now() - start;
  console.log(JSON.stringify({ units: names.length, all, beyond: all - reading }));
  image.close();
  return 0;
}
