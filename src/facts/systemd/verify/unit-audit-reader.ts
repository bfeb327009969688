/** The fact `unit-audit`. Its code is loaded for an image that is asked for it: no verdict of a contract needs it. */
import type { RootView } from '../../../root/root-view.ts';
import type { FactContext, FactReader, FactResult } from '../../fact.ts';
import { shareUnits } from '../unit-reader.ts';
import type { UnitAuditFact } from './unit-audit-fact.ts';

interface Parts {
  readonly auditUnits: typeof import('./audit-units.ts').auditUnits;
  readonly Programs: typeof import('./program-state.ts').Programs;
}

const key = 'unit-audit/parts';

export const unitAuditReader: FactReader<'unit-audit'> = {
  id: 'unit-audit',
  title: 'every unit with the programs, accounts, files and other units behind it',
  reads: [
    '/etc/systemd/**',
    '/usr/lib/systemd/**',
    '/etc/nsswitch.conf',
    '/{etc,run,usr/lib}/userdb',
    'the programs that units name',
  ],
  needs: ['accounts', 'platform', 'startup'],
  prepare: async (_view, context) => {
    const [{ auditUnits }, { Programs }] = await Promise.all([
      import('./audit-units.ts'),
      import('./program-state.ts'),
    ]);
    context.share<Parts | undefined>(key, () => ({ auditUnits, Programs }));
  },
  read: readUnitAudit,
};

function readUnitAudit(view: RootView, context: FactContext): FactResult<UnitAuditFact> {
  const parts = context.share<Parts | undefined>(key, () => undefined);
  if (!parts) throw new Error('the fact unit-audit was read before it was prepared');
  const startup = context.get('startup');
  const accounts = context.get('accounts');
  const accountGaps = accounts.gaps.filter(({ keys }) => keys === undefined);
  const knowsAccounts = accountGaps.length === 0 && !hasDirectoryService(view);
  const { value, gaps: found } = parts.auditUnits({
    set: shareUnits(view, context),
    started: startup.value.units,
    programs: new parts.Programs(view, context.get('platform').value.architecture),
    accounts: knowsAccounts ? accounts.value : undefined,
  });
  const gaps = [...startup.gaps, ...found, ...accountGaps];
  return { value, diagnostics: gaps.map(({ cause }) => cause), gaps };
}

/** Sources of nsswitch.conf(5) that are files of this machine, or know none but what systemd declares. */
const localSources = new Set(['files', 'compat', 'systemd', 'db', 'mymachines', 'myhostname']);

/** Where systemd-userdbd(8) finds accounts that are in no passwd file. */
const recordDirectories = ['/etc/userdb', '/run/userdb', '/usr/lib/userdb'];

/** Whether accounts may come from elsewhere than passwd and group files: then none can be called missing. */
function hasDirectoryService(view: RootView): boolean {
  if (recordDirectories.some((path) => view.exists(path) === 'yes' && (view.list(path) ?? []).length > 0)) return true;
  const path = '/etc/nsswitch.conf';
  if (view.exists(path) !== 'yes') return false;
  const lines = (view.readText(path) ?? '').split('\n').filter((line) => /^(?:passwd|group)\s*:/.test(line));
  return lines.some((line) =>
    line
      .slice(line.indexOf(':') + 1)
      .replace(/\[[^\]]*\]|#.*/g, '')
      .split(/\s+/)
      .some((word) => word !== '' && !localSources.has(word)),
  );
}
