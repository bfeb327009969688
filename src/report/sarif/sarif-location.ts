/** Places as SARIF location objects (2.1.0, 3.28): a file as a percent-encoded URI, a place in an image also by its name. */
import { formatLocation, type Location } from '../../location.ts';
import { escapeText } from '../escape.ts';

/** A line of the contract. */
export function contractLocation({ source, line, column }: Location): object {
  return { physicalLocation: { artifactLocation: { uri: formatUri(source) }, ...regionOf(line, column) } };
}

/** A place in an image. Its URI is `node.wic!p2/etc/x`, relative to wherever the image is. */
export function imageLocation(location: Location, excerpt?: string): object {
  const { source, path = '', line, column, offset } = location;
  const region = line === undefined ? bytesOf(offset) : regionOf(line, column, excerpt);
  return {
    physicalLocation: { artifactLocation: { uri: formatUri(`${source}${path}`) }, ...region },
    logicalLocations: [{ fullyQualifiedName: escapeText(formatLocation(location)), kind: 'resource' }],
  };
}

function regionOf(line: number | undefined, column?: number, excerpt?: string): object {
  if (line === undefined) return {};
  const snippet = excerpt === undefined ? {} : { snippet: { text: escapeText(excerpt) } };
  return { region: { startLine: line, ...(column === undefined ? {} : { startColumn: column }), ...snippet } };
}

function bytesOf(offset: number | undefined): object {
  return offset === undefined ? {} : { region: { byteOffset: offset, byteLength: 0 } };
}

/** A path as a URI reference (RFC 3986): every byte but letters, digits, `-._~!` and `/` encoded; names that are no UTF-8 too. */
export function formatUri(path: string): string {
  const encoded = path.replace(/[\udc80-\udcff]|[^\udc80-\udcff]+/gu, (part) => {
    const unit = part.charCodeAt(0);
    const isByte = part.length === 1 && unit >= 0xdc80 && unit <= 0xdcff;
    return isByte
      ? `%${(unit - 0xdc00).toString(16).toUpperCase()}`
      : encodeURIComponent(Buffer.from(part, 'utf8').toString('utf8'));
  });
  const uri = encoded.replaceAll('%2F', '/');
  return path.startsWith('/') ? `file://${uri}` : uri;
}
