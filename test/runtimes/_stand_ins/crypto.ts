/** As much of `node:crypto` as the tables use, where there is no Node. */
import { Sha256 } from "../../../src/codecs/xz/sha256.ts";

interface Hash {
  update(bytes: Uint8Array): Hash;
  digest(encoding: "hex"): string;
}

export function createHash(_algorithm: "sha256"): Hash {
  const hash = new Sha256();
  return {
    update(bytes) {
      hash.update(bytes);
      return this;
    },
    digest: () =>
      Array.from(hash.digest(), (byte) => byte.toString(16).padStart(2, "0"))
        .join(""),
  };
}
