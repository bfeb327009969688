/** The work of `stat`. */
import type { ExitCode } from '../../checks/result.ts';
import { formatCapabilities, parseCapabilities } from '../../facts/files/capabilities.ts';
import { formatJson } from '../../report/escape.ts';
import { type FileStatus, formatStat } from '../../report/reader/format-stat.ts';
import type { Found } from '../../root/root-view.ts';
import { withTargets } from '../open-target.ts';
import { Outcome } from '../outcome.ts';
import { type OwnerNames, readOwnerNames } from '../owner-names.ts';
import type { Terminal } from '../terminal.ts';
import { readTargetOptions } from './image-options.ts';
import type { StatOptions } from './stat.ts';

export async function showStatus(
  targets: readonly string[],
  options: StatOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const outcome = new Outcome(terminal);
  const damage = await withTargets(targets, readTargetOptions(options, false), async ({ view, path, argument }) => {
    try {
      const found = view.find(path, options.dereference ? 'all' : 'parents');
      if (!found) {
        outcome.absent(`there is no ${argument}`);
        return;
      }
      const status = describe(path, found, readOwnerNames(view));
      terminal.out(options.json ? formatJson(status) : formatStat(status));
    } catch (thrown) {
      outcome.unreadable(argument, thrown);
    }
  });
  outcome.incomplete(damage);
  return outcome.exitCode;
}

function describe(path: string, found: Found, names: OwnerNames): FileStatus {
  const { fileSystem, node, innerPath, links: followed, standing } = found;
  const { type, mode, uid, gid, size, links, device, mtime, atime, ctime, crtime, offset } = fileSystem.stat(node);
  const attributes = fileSystem.xattrs(node);
  const capability = attributes.get('security.capability');
  const [owner, group] = [names.user(uid), names.group(gid)];
  return {
    path,
    type,
    mode,
    uid,
    gid,
    ...(owner === undefined ? {} : { owner }),
    ...(group === undefined ? {} : { group }),
    size,
    links,
    node,
    ...(device ? { device } : {}),
    ...(atime ? { accessed: atime } : {}),
    modified: mtime,
    ...(ctime ? { changed: ctime } : {}),
    ...(crtime ? { born: crtime } : {}),
    ...(type === 'symlink' ? { target: fileSystem.readLink(node) } : {}),
    followed,
    location: { source: fileSystem.label, path: innerPath },
    ...(offset === undefined ? {} : { offset }),
    standing,
    ...(capability ? { capabilities: formatCapabilities(parseCapabilities(capability)) } : {}),
    attributes: [...attributes].map(([name, value]) => ({ name, hex: Buffer.from(value).toString('hex') })),
    attributesUnknown: fileSystem.format === 'host',
    ...(fileSystem.hasUnreadList?.(node) ? { hasUnreadList: true } : {}),
  };
}
