/**
 * What a review of the n3x project found in its images, line by line, and how this project shows that it finds it: a mutant of the
 * built nodes (test/e2e), a change of the NixOS sample, or the reason why no image can show it.
 */

/** The suites of test/e2e whose tables hold the mutants. */
export type MutantSuite = 'server' | 'network' | 'agent' | 'boot' | 'lint' | 'n3x' | 'cluster';

export interface KnownDefect {
  readonly line: string;
  readonly defect: string;
  /** Checks that must find it. */
  readonly checks: readonly string[];
  readonly shownBy:
    | { readonly suite: MutantSuite; readonly mutant: string }
    | { readonly nixos: true }
    /** A test whose title has these words. */
    | { readonly test: string; readonly title: string }
    | { readonly nothing: string };
}

const isar = (line: string, defect: string, checks: readonly string[], suite: MutantSuite, mutant: string) =>
  ({ line, defect, checks, shownBy: { suite, mutant } }) as const;
const nixos = (line: string, defect: string, ...checks: readonly string[]) =>
  ({ line, defect, checks, shownBy: { nixos: true } }) as const;

export const knownDefects: readonly KnownDefect[] = [
  isar('N-01', 'k3s is 1.35.0+k3s3', ['K3S-BIN-02'], 'n3x', 'k3s of the series 1.35'),
  isar('N-02', 'max_user_instances is 512', ['K3S-SYS-06'], 'n3x', '512 inotify instances'),
  isar('N-03', 'iscsi_tcp and dm_crypt are not loaded', ['K3S-MOD-03', 'K3S-MOD-04'], 'n3x', 'no storage modules'),
  isar('N-04', 'the options of the service are empty', ['K3S-NET-01'], 'n3x', 'empty options'),
  isar('N-05', 'the token is 0644', ['K3S-TOK-02'], 'n3x', 'a token whose mode the packaging changed'),
  isar('N-06', 'the token is public', ['K3S-TOK-04'], 'n3x', 'the public test token'),
  isar(
    'N-07',
    'an agent has neither URL nor token',
    ['K3S-TOK-06', 'K3S-TOK-07'],
    'n3x',
    'the token where only servers read it, and no server to join',
  ),
  isar(
    'N-08',
    'an agent that presets start has nothing to join',
    ['K3S-TOK-06'],
    'n3x',
    'no link that enables the unit, only presets, and no server to join',
  ),
  isar('N-09', 'presets enable both units', ['K3S-SVC-04'], 'n3x', 'one package with both units, which presets enable'),
  isar('N-10', 'units lie in the root directory', ['K3S-SVC-17'], 'n3x', 'units in the root directory'),
  isar('N-11', 'both packages can be installed', ['K3S-SVC-04'], 'n3x', 'both packages installed'),
  isar(
    'N-12',
    'iptables stays on nf_tables whatever the kernel has',
    ['K3S-MOD-07'],
    'boot',
    'an index that has no file of nft_compat',
  ),
  isar('N-13', 'every image is called node', ['K3S-NET-10'], 'network', 'the host name of every image'),
  isar('N-14', 'the bond is 802.3ad', ['K3S-NET-06'], 'n3x', 'a bond of another mode than the profile'),
  isar('N-15', "an agent has the server's address", ['K3S-CLU-02'], 'cluster', 'the address of the server'),
  isar('N-16', 'net.ifnames=0 is missing', ['K3S-NET-04'], 'boot', 'names of interfaces left to udev'),
  isar(
    'N-16b',
    '/boot is /dev/sda1',
    ['K3S-VT-02'],
    'boot',
    'fstab with the name of a SATA disk, as the stock layout of wic has it',
  ),
  isar('N-17', 'the console is that of another machine', ['BOOT-11'], 'boot', 'a serial port that the machine has not'),
  isar(
    'N-18',
    'a package depends on iptables only',
    ['K3S-PKG-05', 'K3S-PKG-06', 'K3S-PKG-07', 'K3S-PKG-08', 'K3S-PKG-09'],
    'n3x',
    'a package that depends on iptables only',
  ),
  {
    line: 'N-19',
    defect: 'config.yaml.d exists on servers only',
    checks: ['K3S-CFG-03'],
    shownBy: { nothing: 'the directory is optional' },
  },
  isar('N-20', 'no packet filter is configured: ports are open', [], 'n3x', 'the empty packet filter of Debian'),
  isar(
    'N-21',
    'a package of architecture all holds a program',
    ['K3S-BIN-07'],
    'n3x',
    'a package for all architectures with a program in it',
  ),
  isar(
    'N-22',
    'a cache gave the previous program',
    ['K3S-BIN-02', 'K3S-BIN-07'],
    'n3x',
    'the previous program from a cache, in a new package',
  ),
  isar('N-23', 'files of packages were deleted', ['packages/missing-file'], 'lint', 'packages that are not whole'),
  isar(
    'N-24',
    'the archive of locales was deleted',
    ['locale/missing-locale'],
    'lint',
    'a locale whose archive was deleted',
  ),
  isar('N-25', 'the password of root is root', ['accounts/known-password'], 'lint', 'the password of root is root'),
  {
    line: 'N-26',
    defect: 'grubenv is not where GRUB looks',
    checks: ['BOOT-14'],
    shownBy: { test: 'test/checks/rules/boot-chain.test.ts', title: 'grubenv' },
  },
  isar('N-27', 'nothing waits for the network', ['K3S-SVC-18'], 'server', 'nothing waits for the network'),
  {
    line: 'N-28',
    defect: 'a lint test finds k3s inside of k3s-system-config',
    checks: [],
    shownBy: { nothing: 'a mistake of that test, not of an image' },
  },
  nixos('N-40', 'nftables comes from nowhere', 'K3S-PKG-02'),
  nixos('N-41', 'agents have Type=exec', 'K3S-SVC-06'),
  nixos('N-42', 'RestartSec is 10 s', 'K3S-SVC-14'),
  nixos('N-43', 'token and data directory part', 'K3S-CFG-07'),
  nixos('N-44', 'agents get flags of servers', 'K3S-CFG-02'),
  nixos('N-45', 'an argument that Kubernetes removed', 'K3S-CFG-10'),
  nixos('N-46', 'two datastores', 'K3S-CFG-09'),
  nixos('N-47', 'the token lies in the store', 'K3S-TOK-02', 'K3S-TOK-04', 'K3S-TOK-08'),
  nixos('N-48', 'no --flannel-iface', 'K3S-NET-01'),
  nixos('N-49', 'an agent without a server, its token comes later', 'K3S-TOK-06', 'K3S-TOK-09'),
  nixos('N-50', 'predictable names where the profile says eth1', 'K3S-NET-04'),
  nixos('N-51', 'a rule before the accepting one drops', 'K3S-FW-01'),
  nixos('N-52', 'the password of root is trivial', 'accounts/known-password'),
  nixos('N-53', 'k3s is of the series of nixpkgs', 'K3S-BIN-02'),
];
