/** The fact `network`: how interfaces will be named, and what each network manager would do with them at boot. */
import type { Location } from '../../location.ts';
import type { Table } from '../../table.ts';

/** A value at the line that gives it. */
export interface Sourced {
  readonly value: string;
  readonly location: Location;
}

/** `scripts`: the units NixOS makes for each interface where it does not use networkd. */
export type ManagerName = 'systemd-networkd' | 'NetworkManager' | 'ifupdown' | 'dhcpcd' | 'connman' | 'scripts';

/** A program that configures interfaces, and whether the boot starts it. */
export interface ManagerStart {
  readonly manager: ManagerName;
  readonly unit: string;
  readonly state: 'started' | 'not started' | 'unknown';
  /** What starts, masks or skips it. */
  readonly location?: Location;
}

/** One line of a [Match] section, or what stands for one: any of the patterns, or with `negated` none of them. */
export interface MatchCondition {
  /** `Name`, `OriginalName`, `Type`, `Kind`, or a property only the machine has: `MACAddress`, `Path`, `Driver` ... */
  readonly key: string;
  readonly patterns: readonly string[];
  readonly negated: boolean;
}

/** What one file (or stanza) would do with every interface that matches. */
export interface InterfaceSetup {
  readonly manager: ManagerName;
  /** The syntax it is written in. netplan renders to a manager. */
  readonly origin: 'networkd' | 'keyfile' | 'ifupdown' | 'netplan' | 'dhcpcd' | 'scripts';
  readonly location: Location;
  /** All must hold; empty never matches. */
  readonly match: readonly MatchCondition[];
  readonly addresses: readonly Sourced[];
  /** `yes`, `no`, `ipv4`, `ipv6`; absent: not said, which means no. */
  readonly dhcp?: Sourced;
  readonly gateways: readonly Sourced[];
  /** VLAN devices stacked on the interface. */
  readonly vlans: readonly Sourced[];
  readonly bond?: Sourced;
  readonly bridge?: Sourced;
  /** Of a bond member: it is the one preferred. */
  readonly primary?: Sourced;
  /** The manager leaves the interface alone. */
  readonly unmanaged?: Sourced;
  /** `IPForward`, `IPv4Forwarding`, `IPv6Forwarding`, by key. */
  readonly forwarding: readonly (Sourced & { readonly key: string })[];
  /** What networkd is told besides, by `Section.Key`: `Link.MTUBytes`. */
  readonly others?: OtherSettings;
}

/** The assignments that count of settings nobody asks about, by name. */
export type OtherSettings = Table<readonly Sourced[]>;

/** An interface made by software. */
export interface NetworkDevice {
  readonly name: string;
  /** `vlan`, `bond`, `bridge`, `dummy` ... */
  readonly kind: string;
  readonly manager: ManagerName;
  readonly location: Location;
  readonly vlanId?: Sourced;
  /** Where the device itself names the interface it is stacked on (all but networkd). */
  readonly parent?: Sourced;
  /** Where the device itself names its members. */
  readonly members: readonly Sourced[];
  readonly bondMode?: Sourced;
  /** MII link monitoring, in milliseconds. */
  readonly miiMonitor?: Sourced;
  readonly primary?: Sourced;
  /** What networkd is told besides, by `Section.Key`: `Bond.LACPTransmitRate`. */
  readonly others?: OtherSettings;
}

/** A rule that gives an interface a name. */
export interface AssignedName {
  readonly name: string;
  /** Of a link file: which interfaces get the name. */
  readonly match: readonly MatchCondition[];
  readonly by: 'link file' | 'udev rule';
  readonly location: Location;
}

export interface InterfaceNaming {
  /** Whether Ethernet interfaces keep the names the kernel gives them: `eth0`, `eth1`. */
  readonly kernelNames: 'kept' | 'replaced' | 'unknown';
  /** One sentence. */
  readonly because: string;
  readonly location?: Location;
  readonly assigned: readonly AssignedName[];
}

export interface NetworkProblem {
  readonly message: string;
  readonly location: Location;
}

/** The parts a gap can name in its `keys`. */
export type NetworkPart = 'interfaces' | 'naming' | 'managers';

export interface NetworkFact {
  readonly naming: InterfaceNaming;
  readonly managers: readonly ManagerStart[];
  /** In the order each manager tries them: of networkd's the first that matches counts. */
  readonly setups: readonly InterfaceSetup[];
  readonly devices: readonly NetworkDevice[];
  /** What networkd.conf says for all interfaces: `IPv4Forwarding`, `IPv6Forwarding`. */
  readonly forwarding: readonly (Sourced & { readonly key: string })[];
  /** Files hidden by one of the same name in a directory of higher rank. */
  readonly masked: readonly { readonly file: Location; readonly by: Location }[];
  readonly problems: readonly NetworkProblem[];
}
