import { build } from 'esbuild';
import { execSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';

// Bundles the connector with all that it needs into dist/main.js and dist/chunks: Node takes a tenth of a second to find
// and load the SDK's hundreds of files one by one. What a command does not need stays in chunks of its own.
const CHUNKS = 'dist/chunks';

/**
 * Has Node's own modules be required. To import one makes Node look at all that it exports: of `process` that is
 * `stdout`, whose stream makes a pipe non-blocking, and of others much that is loaded only then. So does the bundle with
 * what a required module has itself, but not with what it has from its prototype.
 */
const REQUIRE_BUILTINS = {
  name: 'require-builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[\w:/]+$/ }, ({ path, kind }) => {
      if (!isBuiltin(path)) return undefined;
      return kind === 'import-statement'
        ? { path, namespace: 'builtin' }
        : { path, external: true };
    });
    onLoad({ filter: /^/, namespace: 'builtin' }, ({ path }) => ({
      contents: `
        const builtin = require(${JSON.stringify(path)});
        const isPlain = typeof builtin === 'object' && builtin !== process;
        module.exports = isPlain ? Object.create(builtin) : builtin;`,
    }));
  },
};

rmSync(CHUNKS, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: {
    main: 'src/main.ts',
    'chunks/inflate-worker': 'src/strategies/export/inflate/inflate-worker.ts',
  },
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.15',
  // ES modules, of which only what is used is taken.
  mainFields: ['module', 'main'],
  conditions: ['module', 'import'],
  sourcemap: true,
  legalComments: 'none',
  plugins: [REQUIRE_BUILTINS],
  banner: {
    js: "import { createRequire as $createRequire } from 'node:module';\nconst require = $createRequire(import.meta.url);",
  },
  metafile: true,
  logLevel: 'warning',
});
chmodSync('dist/main.js', 0o755);
const packages = listPackages(metafile.inputs);
writeFileSync('dist/THIRD-PARTY-LICENSES.txt', renderLicenses(packages));
writeFileSync('dist/sbom.cdx.json', `${JSON.stringify(listMaterials(packages), null, 2)}\n`);

/** Folders of the packages that bundled files come from. */
function listPackages(inputs) {
  const folders = Object.keys(inputs).flatMap(
    (path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? [],
  );
  return [...new Set(folders)].sort();
}

/** Each text once, under the names of all packages that it is of. */
function renderLicenses(folders) {
  const namesByText = new Map();
  for (const folder of folders) {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json')));
    const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice)/i.test(file));
    const text = files.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n');
    namesByText.set(text, [...(namesByText.get(text) ?? []), `${name} ${version} (${license})`]);
  }
  return [...namesByText].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`).join('\n\n');
}

/** The bundled packages as a CycloneDX document, for scanners: the bundle itself does not tell them what it holds. */
function listMaterials(folders) {
  const { name, description } = JSON.parse(readFileSync('package.json'));
  const sbom = JSON.parse(execSync('npm sbom --sbom-format cyclonedx', { maxBuffer: 1e8 }));
  const bundled = new Set(folders.map((folder) => nameOf(folder)));
  const components = sbom.components
    .filter((component) => bundled.has(component['bom-ref']))
    // npm takes what is bundled for tools of development, since nothing of it is installed with the package.
    .map((component) => ({ ...component, scope: 'required', properties: [] }));
  if (components.length !== bundled.size)
    throw new Error('npm does not list every bundled package');
  // Without its time and its random number, the same packages make the same document.
  const metadata = { ...sbom.metadata, timestamp: undefined };
  const root = { ...metadata.component, type: 'application', name, description };
  const dependencies = sbom.dependencies
    .filter(({ ref }) => bundled.has(ref) || ref === root['bom-ref'])
    .map(({ ref, dependsOn = [] }) => ({
      ref,
      dependsOn: dependsOn.filter((name) => bundled.has(name)),
    }));
  metadata.component = root;
  return { ...sbom, serialNumber: undefined, metadata, components, dependencies };
}

function nameOf(folder) {
  const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json')));
  return `${name}@${version}`;
}
