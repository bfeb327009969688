/** The fact `maintainer-scripts`: `info/NAME[:ARCH].{preinst,postinst,prerm,postrm,config}` of dpkg's database. */
import { damageFrom } from '../../diagnostic.ts';
import { asImageError } from '../../errors.ts';
import type { RootView } from '../../root/root-view.ts';
import type { FactContext, FactReader, FactResult, Gap } from '../fact.ts';
import type { MaintainerScript, MaintainerScriptsFact } from './maintainer-scripts-fact.ts';
import { findRecords } from './package-files-reader.ts';

const scriptName = /^([^:]+)(?::[^.]+)?\.(preinst|postinst|prerm|postrm|config)$/;

export const maintainerScriptsReader: FactReader<'maintainer-scripts'> = {
  id: 'maintainer-scripts',
  title: 'scripts that packages run when they are installed and removed',
  reads: ['/var/lib/dpkg/info/*'],
  needs: ['packages'],
  read: readScripts,
};

function readScripts(view: RootView, context: FactContext): FactResult<MaintainerScriptsFact> {
  const gaps: Gap[] = [...context.get('packages').gaps];
  const scripts: MaintainerScript[] = [];
  const folder = findRecords(context);
  const guard = (path: string, act: () => void): void => {
    try {
      act();
    } catch (thrown) {
      gaps.push({ cause: { location: view.locate(path), ...damageFrom(asImageError(thrown)) }, keys: [path] });
    }
  };
  guard(`${folder}/info`, () => {
    for (const { name } of folder === undefined ? [] : (view.list(`${folder}/info`) ?? [])) {
      const [, owner, kind] = scriptName.exec(name) ?? [];
      if (owner === undefined || kind === undefined) continue;
      const path = `${folder}/info/${name}`;
      guard(path, () => {
        const text = view.readText(path);
        const location = view.locate(path);
        if (text !== undefined)
          scripts.push({ package: owner, kind: kind as MaintainerScript['kind'], text, location });
      });
    }
  });
  return { value: { scripts }, diagnostics: gaps.map(({ cause }) => cause), gaps };
}
