// The checks of preflight by the names that an operator reads before a refusal and writes to waive one. What each of
// them judges stands with the facts it needs.

export const CHECKS = {
  system: 'Oracle Solaris 11.4',
  rights: "our user's profiles",
  rad: 'whether sysadm can be asked',
  'maintenance-window': 'who closed the host',
  'evacuation-record': 'zones that its record holds as away',
  'zones-of-others': 'zones on it whose home is another host',
  'zone-states': 'zones half way between two states',
  'zone-twice': 'a zone that is up on another host too',
  'zones-movable': 'zones bound to the host',
  'default-target': "the service's own evacuation target",
  'next-boot': 'the boot environment that boots next',
  'newer-system': 'a newer system than wanted',
  'peer-login': 'whether the two hosts get into each other unasked',
  processors: 'processors that a zone can move between',
  'zone-configuration': "a zone's configuration that is there already",
  memory: 'room for the zones that come',
} as const;

export type Check = keyof typeof CHECKS;

/** What an operator may let pass with a reason; all others stand. */
export const WAIVABLE = [
  'evacuation-record',
  'zones-of-others',
  'zone-states',
  'newer-system',
] as const satisfies readonly Check[];

/** A type, not an interface: it goes into a result as it is. */
export type Finding = { readonly check: Check; readonly text: string };

/** For the documentation of the step: those that may be waived with what they look at, then the others. */
export function checksText(): string {
  const waivable = new Set<string>(WAIVABLE);
  const said = (may: boolean): string =>
    Object.entries(CHECKS)
      .filter(([name]) => waivable.has(name) === may)
      .map(([name, about]) => `${name} (${about})`)
      .join(', ');
  return `${said(true)}. These stand: ${said(false)}`;
}
