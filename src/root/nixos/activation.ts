/**
 * The paths outside the store that activation makes: /bin/sh and /usr/bin/env (nixpkgs: activation-script.nix), named by the
 * bootspec of newer systems (`org.nixos.nixos-init.v1`), else by `ln -sfn TARGET /bin/.sh.tmp` in the activation script. A system
 * whose script is simpler still links them to what its own programs are.
 */
import type { RootView } from '../root-view.ts';
import { readInitExtension } from './bootspec.ts';

export interface ActivatedLink {
  /** Where activation makes it. */
  readonly path: string;
  readonly target: string;
}

interface Rule {
  readonly path: string;
  /** Key of the bootspec extension. */
  readonly key: 'sh_binary' | 'env_binary';
  readonly temporary: string;
  /** In the toplevel. */
  readonly fallback: string;
}

const rules: readonly Rule[] = [
  { path: '/bin/sh', key: 'sh_binary', temporary: '/bin/.sh.tmp', fallback: 'sw/bin/sh' },
  { path: '/usr/bin/env', key: 'env_binary', temporary: '/usr/bin/.env.tmp', fallback: 'sw/bin/env' },
];

/** The links of a toplevel. Throws if its files cannot be read. */
export function readActivatedLinks(view: RootView, toplevel: string): readonly ActivatedLink[] {
  const bootspec = readInitExtension(view, toplevel);
  const script = view.readText(`${toplevel}/activate`) ?? '';
  return rules.flatMap(({ path, key, temporary, fallback }) => {
    const target = bootspec[key] ?? findLinkTarget(script, temporary) ?? view.find(`${toplevel}/${fallback}`)?.path;
    return target === undefined ? [] : [{ path, target }];
  });
}

/** The target of `ln -sfn "TARGET" TEMPORARY`. */
function findLinkTarget(script: string, temporary: string): string | undefined {
  const line = script.split('\n').find((each) => each.includes('ln -s') && each.includes(temporary));
  return line && /ln -s\S*\s+(?:--\s+)?["']?(\/[^\s"']+)/.exec(line)?.[1];
}
