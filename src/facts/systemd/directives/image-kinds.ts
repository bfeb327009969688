/** Kinds of mounts and images: what is laid over the root of a unit's processes. systemd.exec(5), systemd.image-policy(7). */
import { isBase64 } from '../values/base64.ts';
import { checkedText, checkedWords } from './checked-kinds.ts';
import type { Kind } from './directive.ts';
import { isAbsolutePath, scalar } from './scalar-kinds.ts';

const bindOptions = /^(?:|(?:no)?rbind|(?:no|root)?idmap)$/;

/** `SOURCE[:DESTINATION[:OPTIONS]]`, `-` in front if the source may be missing. A space in a path is quoted. */
export const binds = mountWords('bind mount', (word) => {
  const [source = '', destination = source, options = '', more] = word.replace(/^-/, '').split(':');
  return isAbsolutePath(source) && isAbsolutePath(destination) && bindOptions.test(options) && more === undefined;
});

export const temporaryFileSystems = mountWords('temporary file system', (word) =>
  isAbsolutePath(word.split(':')[0] ?? ''),
);

/** `IMAGE:DESTINATION[:PARTITION:OPTIONS]`. */
export const mountedImages = mountWords('mounted image', (word) => {
  const [source = '', destination = ''] = word.replace(/^-/, '').split(':');
  return isAbsolutePath(source) && isAbsolutePath(destination);
});

function mountWords(what: string, isValid: (word: string) => boolean): Kind {
  return checkedWords(what, (word) => isValid(word.replaceAll('\\:', '')));
}

const partitions =
  'root usr home srv esp xbootldr swap root-verity usr-verity root-verity-sig usr-verity-sig tmp var'.split(' ');
const mountOptions = /^(?:([a-z-]+):)?[^:]*$/;

/** `IMAGE[:OPTIONS]` or `IMAGE:PARTITION:OPTIONS…`. */
export const extensionImages = mountWords('extension image', (word) => {
  const [source = '', ...rest] = word.replace(/^-/, '').split(':');
  const named = rest.length < 2 ? [] : rest.filter((_, at) => at % 2 === 0);
  return isAbsolutePath(source) && named.every((partition) => partitions.includes(partition));
});

/** Mount options, of one partition by its name if it is given. */
export const imageOptions = checkedWords('image options', (word) => {
  const [whole, partition] = mountOptions.exec(word) ?? [];
  return whole !== undefined && (partition === undefined || partitions.includes(partition));
});

const policyUses = new Set(
  'verity signed encrypted unprotected unused absent open ignore read-only-on read-only-off growfs-on growfs-off'.split(
    ' ',
  ),
);

/** `PARTITION=USE+USE:…`, or one letter for a policy. systemd.image-policy(7). */
export const imagePolicy = scalar('image policy', 'reset', (text) => {
  if (/^[*~-]$/.test(text)) return text;
  const isValid = text.split(':').every((rule) => {
    const [partition, uses] = rule.split('=');
    return (
      uses !== undefined &&
      (partition === '' || partitions.includes(partition ?? '')) &&
      uses.split('+').every((use) => policyUses.has(use))
    );
  });
  return isValid ? text : undefined;
});

export const rootHash = checkedText(
  'root hash',
  (text) => text.startsWith('/') || (/^[0-9a-fA-F]{32,512}$/.test(text) && text.length % 2 === 0),
);
export const rootHashSignature = checkedText(
  'signature',
  (text) => text.startsWith('/') || (text.startsWith('base64:') && isBase64(text.slice('base64:'.length))),
);
