// rad-uri(7): how an evacuation target names its host. Which host of the inventory that is, is for others to say.

export interface RadUri {
  readonly scheme: 'rads' | 'radg' | 'ssh';
  /** Empty: whoever runs sysadm. */
  readonly user: string;
  readonly host: string;
  /** Null: the default of the service. */
  readonly port: number | null;
}

// [rads:|radg:|ssh:]//username@host:port, the scheme defaulting to rads. A trailing slash is seen in the wild.
const FORM = /^(?:(rads|radg|ssh):)?\/\/(?:([^@/:\s]+)@)?(\[[0-9A-Fa-f:.]+\]|[^@/:\s[\]]+)(?::(\d{1,5}))?\/?$/;

/** Null when it isn't a RAD URI. */
export function parseRadUri(text: string): RadUri | null {
  const found = FORM.exec(text);
  if (!found?.[3]) return null;
  const port = found[4] === undefined ? null : Number(found[4]);
  if (port !== null && (port < 1 || port > 65535)) return null;
  const scheme = found[1] === 'ssh' || found[1] === 'radg' ? found[1] : 'rads';
  return { scheme, user: found[2] ?? '', host: found[3], port };
}

export function formatRadUri(uri: RadUri): string {
  return `${uri.scheme}://${uri.user && `${uri.user}@`}${uri.host}${uri.port === null ? '' : `:${uri.port}`}`;
}

/** TLS with a password behind it asks somebody, and sysadm has nobody to ask. */
export function mayAsk(uri: RadUri): boolean {
  return uri.scheme === 'rads';
}

/** The same host by the same way: `ssh://root@bjork` and `ssh://root@Bjork/` are. */
export function sameTarget(one: string, other: string): boolean {
  const a = parseRadUri(one);
  const b = parseRadUri(other);
  if (a === null || b === null) return one === other;
  return formatRadUri({ ...a, host: a.host.toLowerCase() }) === formatRadUri({ ...b, host: b.host.toLowerCase() });
}
