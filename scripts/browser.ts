/** Runs a module in headless Chromium: bundles it, serves it to a page, and takes what the page posts back. */
import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { build } from 'esbuild'

const seconds = 60
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const flags = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--disable-background-networking',
]

/** The first Chromium on the path, or null. */
export const findChromium = (): string | null =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(isExecutable) ?? null

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** What the module's exported `run` resolves to in a page, as JSON; the page may have shared memory unless told otherwise. */
export const runInChromium = async (chromium: string, modulePath: string, isIsolated = true): Promise<unknown> => {
  const bundle = await bundleOf(modulePath)
  const profile = mkdtempSync(join(tmpdir(), 'chromium-'))
  const { server, posted } = serve(bundle, isIsolated ? isolated : {})
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  const browser = spawn(chromium, [...flags, `--user-data-dir=${profile}`, `http://127.0.0.1:${port}/`], { stdio: 'ignore' })
  try {
    return await Promise.race([posted, failed(browser)])
  } finally {
    browser.kill('SIGKILL')
    await new Promise<void>((closed) =>
      browser.exitCode === null && browser.signalCode === null ? browser.on('exit', () => closed()) : closed(),
    )
    server.closeAllConnections()
    server.close()
    discard(profile)
  }
}

/** Chromium's children may write into the profile for a moment after it is gone; what can't be removed then is left to the system. */
const discard = (profile: string): void => {
  try {
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  } catch {}
}

/** The whole program as one script. A module of Node's in it is an error: the product must run in a page. */
const bundleOf = async (modulePath: string): Promise<string> => {
  const report = `(value) => fetch('/result', { method: 'POST', body: JSON.stringify(value) })`
  const { outputFiles } = await build({
    stdin: {
      contents: `import { run } from ${JSON.stringify(modulePath)}
        const report = ${report}
        run().then((value) => report({ value }), (error) => report({ error: String(error?.stack ?? error) }))`,
      resolveDir: process.cwd(),
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}

/** The two headers let the page have shared memory. */
const isolated = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }
const page = '<!doctype html><meta charset="utf-8"><script type="module" src="/bundle.js"></script>'

const serve = (
  bundle: string,
  headers: Readonly<Record<string, string>>,
): { readonly server: Server; readonly posted: Promise<unknown> } => {
  let settle: (body: string) => void
  const body = new Promise<string>((resolve) => {
    settle = resolve
  })
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') settle(await textOf(request))
    const script = request.url === '/bundle.js'
    response.writeHead(200, { 'Content-Type': script ? 'text/javascript' : 'text/html', ...headers })
    response.end(script ? bundle : page)
  })
  return { server, posted: body.then(valueIn) }
}

const textOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}

const valueIn = (body: string): unknown => {
  const { value, error } = JSON.parse(body) as { readonly value?: unknown; readonly error?: string }
  if (error !== undefined) throw new Error(`in the page: ${error}`)
  return value
}

const failed = (browser: ChildProcess): Promise<never> =>
  new Promise((_, reject) => {
    browser.on('error', reject)
    browser.on('exit', (code) => reject(new Error(`Chromium ended with ${code}`)))
    setTimeout(() => reject(new Error(`the page gave nothing within ${seconds} s`)), seconds * 1000).unref()
  })
