/**
 * A saved portrait (`check-image inspect --facts`, schemas/facts-1.schema.json) back from its text. The file is as little to be
 * trusted as an image: what does not follow the schema, or names a record twice, is refused.
 */
import validate from 'validator:facts-1';
import { ImageError } from '../../errors.ts';
import { createTable } from '../../table.ts';
import { type Portrait, type PortraitConcern, portraitSchema } from './portrait.ts';

/** Whether a text that begins so is a saved portrait, of any version. */
export function isPortrait(beginning: string): boolean {
  return /^\s{0,64}\{\s{0,64}"schema"\s{0,8}:\s{0,8}"check-image\/facts-/.test(beginning);
}

/** `label` is what messages call the file. Throws ImageError. */
export function parsePortrait(text: string, label: string): Portrait {
  const value = parseJson(text, label);
  const schema = isTable(value) ? value.schema : undefined;
  if (typeof schema === 'string' && schema.startsWith('check-image/facts-') && schema !== portraitSchema)
    throw new ImageError('unsupported', 'facts/other-version', `${label} holds facts of another version: ${schema}`, {
      location: { source: label },
      remedy: 'write the file again with this check-image',
    });
  if (!validate(value)) {
    const [first] = (validate.errors ?? []) as readonly { readonly instancePath: string; readonly message?: string }[];
    throw damaged(label, `${first?.instancePath || 'the document'} ${first?.message ?? 'is not valid'}`);
  }
  const portrait = value as unknown as Portrait;
  const concerns = createTable<PortraitConcern>(Object.entries(portrait.concerns));
  for (const [id, { records }] of Object.entries(concerns)) {
    if (new Set(records.map(({ key }) => key)).size < records.length) throw damaged(label, `${id} has a record twice`);
  }
  return { ...portrait, concerns };
}

function parseJson(text: string, label: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw damaged(label, 'it is not JSON');
  }
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function damaged(label: string, what: string): ImageError {
  return new ImageError('corrupt', 'facts/not-valid', `${label} holds no facts that could be compared: ${what}`, {
    location: { source: label },
    remedy: 'write it again with check-image inspect --facts',
  });
}
