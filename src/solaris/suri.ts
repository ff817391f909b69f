// suri(7): the storage URIs of zonecfg. Says whether a URI can be reached from another host at all, and when two of
// them mean the same storage. Whether a given host sees it is another question.

export type Suri =
  | { readonly is: 'shared'; readonly scheme: 'iscsi' | 'lu' | 'nfs'; readonly key: string }
  | { readonly is: 'local'; readonly scheme: 'dev' | 'file' }
  | { readonly is: 'unknown' };

// iscsi://saison/luname.naa.600144f0..  lu:luname.naa.ID  lu:initiator.naa.ID,target.naa.ID,luname.naa.ID
// nfs://user:group@host[:port]/path/file  dev:dsk/c0t0d0s0  file:///path
export function parseSuri(text: string): Suri {
  const [, scheme = '', rest = ''] = /^([a-z]+):(.*)$/i.exec(text) ?? [];
  switch (scheme.toLowerCase()) {
    case 'iscsi':
      return rest.startsWith('//') && rest.length > 2 ? { is: 'shared', scheme: 'iscsi', key: unitOf(rest) } : UNKNOWN;
    case 'lu':
      return rest === '' ? UNKNOWN : { is: 'shared', scheme: 'lu', key: unitOf(rest) };
    case 'nfs':
      return nfs(rest);
    case 'dev':
      return { is: 'local', scheme: 'dev' };
    case 'file':
      return { is: 'local', scheme: 'file' };
    default:
      return UNKNOWN;
  }
}

const UNKNOWN: Suri = { is: 'unknown' };

/** A logical unit is the same by whatever way it is reached; ids are hex, and case means nothing in them. */
function unitOf(rest: string): string {
  const lower = rest.toLowerCase();
  return /luname\.(?:naa|eui)\.[0-9a-f]+/.exec(lower)?.[0] ?? lower;
}

function nfs(rest: string): Suri {
  const found = /^\/\/(?:[^@/]*@)?([^/]+)(\/.+)$/.exec(rest);
  if (!found?.[1] || !found[2]) return UNKNOWN;
  return { is: 'shared', scheme: 'nfs', key: `nfs:${found[1].toLowerCase()}${found[2]}` };
}

/** Equal keys, same storage. Local and unreadable URIs are the same only when their texts are. */
export function storageKey(text: string): string {
  const suri = parseSuri(text);
  return suri.is === 'shared' ? suri.key : text;
}
