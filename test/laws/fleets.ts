// Small fleets for the laws: like the seed story's, with a kernel zone that moves, one that is only installed, and a
// native zone that runs and stays.

export const disk = (n: number): string =>
  `iscsi://saison/luname.naa.600144f0dbf8af19000058ff4806${String(n).padStart(4, '0')}`;

/** Two hosts, each the other's refuge. */
export const PAIR = `
name: pair
seed: 7
hosts:
  nacaozumbi:
    memory: 128G
    zones:
      evac1: { id: 83, storage: "${disk(17)}", target: "ssh://root@bjork" }
      evac2: { id: 84, storage: "${disk(18)}" }
      evac4: { state: installed, storage: "${disk(20)}" }
      tzone1: { brand: solaris, storage: "${disk(21)}" }
  bjork:
    memory: 128G
    zones:
      web1: { storage: "${disk(31)}", memory: 8G }
`;
