// The inventory that a lab writes: how to reach each of its hosts. Paths are relative to the file itself.

export interface Reach {
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

export const FILES = {
  inventory: 'inventory.yml',
  key: 'id_ed25519',
  knownHosts: 'known_hosts',
  record: 'lab.json',
  socket: 'control.sock',
  log: 'lab.log',
} as const;

export function inventoryText(hosts: readonly Reach[], speed: number | null): string {
  const lines = ['# Written by `zoneferry lab up`; good while that lab runs.', 'zonehosts:', '  hosts:'];
  for (const { name, address, port } of hosts) {
    lines.push(
      `    ${isPlain(name) ? name : JSON.stringify(name)}:`,
      `      address: ${address}`,
      `      port: ${port}`,
      '      user: root',
      `      identity_file: ${FILES.key}`,
      `      known_hosts: ${FILES.knownHosts}`,
      // A lab is reached as it says, whatever ~/.ssh/config says of all hosts.
      '      ssh_config: none',
    );
    if (speed !== null) lines.push(`      time_scale: ${speed}`);
  }
  return `${lines.join('\n')}\n`;
}

/** YAML 1.1 reads `on` and the like as truth values. */
function isPlain(name: string): boolean {
  return /^[a-z][a-z0-9.-]*$/i.test(name) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(name);
}
