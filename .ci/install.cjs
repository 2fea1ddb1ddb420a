// Installs the dependencies when they are not there, so that `npm start` and `npm test` work on a fresh clone.
const { execSync } = require("node:child_process");
try {
  for (
    const name of [
      "bun/package.json",
      "hono",
      "@msgpack/msgpack",
      "@optique/run",
    ]
  ) {
    require.resolve(name);
  }
} catch {
  execSync("npm ci --no-audit --no-fund", { stdio: ["ignore", 2, 2] });
}
