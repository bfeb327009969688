/** A strict reader of the XML that reports are made of: elements, attributes, text, a few entities; XML 1.0 characters only. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

const notXml = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", '#39': "'" };

/** Throws for anything that is not well-formed. */
export function parseXml(document: string): XmlElement {
  if (notXml.test(document)) throw new Error('a character XML 1.0 does not have');
  const body = /^<\?xml version="1\.0" encoding="UTF-8"\?>\n(.*)\n$/s.exec(document)?.[1];
  if (body === undefined) throw new Error('no XML declaration');
  const top: XmlElement = { name: '', attributes: {}, children: [], text: '' };
  const open = [top];
  const token = /<\/([a-z0-9-]+)>|<([a-z0-9-]+)((?: [a-z-]+="[^"<]*")*)(\/?)>|([^<]+)/gy;
  let end = 0;
  for (let match = token.exec(body); match; match = token.exec(body)) {
    end = token.lastIndex;
    const [, closed, opened, attributes = '', empty, text] = match;
    const inner = open.at(-1) as XmlElement;
    if (text !== undefined) inner.text += resolveEntities(text);
    else if (opened !== undefined) {
      const pairs = [...attributes.matchAll(/ ([a-z-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [
        key,
        resolveEntities(value),
      ]);
      if (new Set(pairs.map(([key]) => key)).size < pairs.length) throw new Error('an attribute twice');
      const element: XmlElement = { name: opened, attributes: Object.fromEntries(pairs), children: [], text: '' };
      inner.children.push(element);
      if (empty === '') open.push(element);
    } else if (open.length < 2 || open.pop()?.name !== closed) throw new Error(`</${closed}> closes nothing`);
  }
  const [root] = top.children;
  if (end < body.length || open.length > 1 || !root || top.children.length > 1 || top.text.trim() !== '')
    throw new Error(`not well-formed at ${end}`);
  return root;
}

function resolveEntities(text: string): string {
  if (/&(?!(?:amp|lt|gt|quot|apos|#39);)/.test(text)) throw new Error('a bare ampersand');
  return text.replace(/&(#?[a-z0-9-]+);/g, (_, name: string) => entities[name] ?? '');
}
