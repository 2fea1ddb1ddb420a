import type { Context } from "hono";
import { html, raw } from "hono/html";
import { openapi } from "./_openapi.ts";
import type { Settings } from "./options.ts";

/** As much of an OpenAPI document as the page shows. */
interface Document {
  readonly info: { readonly title: string; readonly description: string };
  readonly paths: Record<string, Record<string, Operation>>;
}
interface Operation {
  readonly summary: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly description?: string;
    readonly schema: { readonly enum?: readonly string[] };
  }[];
  readonly responses: Record<string, { readonly description: string }>;
}

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: auto; padding: 1rem }
code { font-family: ui-monospace, monospace }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-top: 1px solid #8886 }
h2 code { font-size: 1.1rem }
`;

/** `GET /docs`: the OpenAPI document as a page, without scripts. */
export async function page(c: Context, settings: Settings): Promise<Response> {
  const { info, paths } = await openapi(settings) as Document;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) =>
      section(method, path, operation)
    )
  );
  c.header(
    "content-security-policy",
    `default-src 'none'; style-src '${await hashOf(
      STYLE,
    )}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  );
  return c.html(html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>${info.title}: the server</title>
        <style>${raw(STYLE)}</style>
      </head>
      <body>
        <main>
    <h1>${info.title}</h1>
    <p>${info
      .description} For machines: <a href="openapi.json">openapi.json</a>.</p>
    ${operations}
        </main>
      </body>
    </html>
  `);
}

function section(
  method: string,
  path: string,
  { summary, parameters = [], responses }: Operation,
) {
  const asked = parameters.map(({ name, description = "", schema }) =>
    html`
      <tr>
        <th scope="row"><code>${name}</code></th>
        <td>${description} ${schema.enum
          ? html`<code>${schema.enum.join(" | ")}</code>`
          : ""}</td>
      </tr>
    `
  );
  const given = Object.entries(responses).map(([status, { description }]) =>
    html`
      <tr>
        <th scope="row">${status}</th>
        <td>${description}</td>
      </tr>
    `
  );
  return html`
    <section>
      <h2><code>${method.toUpperCase()} ${path}</code></h2>
      <p>${summary}</p>
      <table>
        <tbody>${asked}${given}</tbody>
      </table>
    </section>
  `;
}

async function hashOf(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return `sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`;
}
