/** The files the boot entry names are where the loader looks: kernel, initrd, device tree. */
import type { EntryFile, KernelFile } from '../../../facts/boot/boot-fact.ts';
import type { FactLookup, Verdict } from '../../check.ts';
import { at, fail, inconclusive, joinVerdicts, pass, skip, undecidable } from '../../verdict.ts';
import type { BootLink } from './link.ts';

const noEntry = skip('there is no boot entry');

export const kernel: BootLink = {
  id: 'kernel',
  needs: ['boot', 'platform'],
  judge: (facts) => {
    const { entry } = facts.get('boot', '', ['entry']);
    if (!entry?.kernel) return noEntry;
    const { kernel: file } = entry;
    const verdict = judgePresence('kernel', file);
    if (verdict) return verdict;
    return judgeKernel(file, entry.loader, facts.get('platform').architecture);
  },
};

export const initrd: BootLink = {
  id: 'initrd',
  needs: ['boot'],
  judge: (facts: FactLookup) => {
    const { entry } = facts.get('boot', '', ['entry']);
    if (!entry) return noEntry;
    if (entry.initrds.length === 0) return skip(`the entry ${entry.id} names no initrd`);
    const verdicts = entry.initrds.map((file): Verdict => {
      const verdict = judgePresence('initrd', file);
      if (verdict) return verdict;
      const name = file.location.path ?? file.text;
      if (file.format !== 'unknown') return pass(`${file.format} at ${name}`, placesOf(file));
      return fail(`${name} is no initrd: no cpio archive, and nothing the kernel can unpack`, {
        evidence: placesOf(file),
      });
    });
    return joinVerdicts(verdicts, 'must');
  },
};

export const deviceTree: BootLink = {
  id: 'device-tree',
  needs: ['boot'],
  judge: (facts) => {
    const { entry } = facts.get('boot', '', ['entry']);
    if (!entry?.deviceTree) return skip('the boot entry names no device tree');
    return judgePresence('device tree', entry.deviceTree) ?? pass(undefined, placesOf(entry.deviceTree));
  },
};

/** The verdict of a file that is not there, or cannot be read; undefined for one that is. */
function judgePresence(what: string, file: EntryFile): Verdict | undefined {
  const { text, state, reason, location, size } = file;
  if (state === 'unreadable') return inconclusive(`the ${what} ${text} could not be read: ${reason}`, location);
  if (state === 'elsewhere') return undecidable(`the ${what} ${text} is on no file system of the image: ${reason}`);
  if (state === 'missing') {
    const because = reason === undefined ? 'is not there' : `is no file: ${reason}`;
    return fail(`the boot entry starts the ${what} ${text}, which ${because}`, {
      expected: text,
      found: reason ?? 'missing',
      evidence: placesOf(file),
    });
  }
  return size === 0 ? fail(`the ${what} ${text} is empty`, { evidence: placesOf(file) }) : undefined;
}

function judgeKernel(file: KernelFile, loader: string, architecture: string | undefined): Verdict {
  const { format = 'unknown', architecture: made } = file;
  const evidence = placesOf(file);
  if (made !== undefined && architecture !== undefined && made !== architecture)
    return fail(`the kernel ${file.text} is made for ${made}, the system is ${architecture}`, {
      expected: architecture,
      found: made,
      evidence,
    });
  if (loader === 'systemd-boot' && made === undefined)
    return fail(`the kernel ${file.text} is no EFI program (${format}), and ${loader} starts nothing else`, {
      evidence,
    });
  const release = file.release ? `${file.release.text}, ` : '';
  return pass(`${release}${format}`, evidence);
}

function placesOf({ named, location, state }: EntryFile) {
  const place = at(location, state === 'missing' ? 'looks at' : 'at');
  return [at(named, 'named by'), place];
}
