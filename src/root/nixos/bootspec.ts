/** `boot.json` of a toplevel: the extension `org.nixos.nixos-init.v1`, which names what the first process of newer systems sets up. */
import type { RootView } from '../root-view.ts';

/** The strings of the extension; boot.json is a convenience here, so text that is no JSON says nothing. */
export function readInitExtension(view: RootView, toplevel: string): Readonly<Record<string, string>> {
  const text = view.readText(`${toplevel}/boot.json`);
  const extension = text === undefined ? undefined : member(parseJson(text), 'org.nixos.nixos-init.v1');
  if (typeof extension !== 'object' || extension === null) return {};
  return Object.fromEntries(
    Object.entries(extension).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}
