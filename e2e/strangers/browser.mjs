// A browser without scripts: it keeps cookies, follows redirects, and sends forms as they were filled in.
import assert from "node:assert/strict";
import { request } from "node:http";

const MOST_REDIRECTS = 20;
const BORDER = "haihe-strangers";

/** One request and its whole answer. Not `fetch`, which tells the server that a script asks. */
function send(url, method, headers, body) {
  return new Promise((done, failed) => {
    const asked = request(url, { method, headers }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part)).on("error", failed);
      answer.on("end", () => {
        const text = Buffer.concat(parts).toString();
        done({ status: answer.statusCode, headers: answer.headers, text });
      });
    });
    asked.on("error", failed).end(body);
  });
}

/** One control of a form with files. */
function part(control, content, name) {
  const named = name ? `; filename="${name}"` : "";
  const head = `content-disposition: form-data; name="${control}"${named}`;
  return `--${BORDER}\r\n${head}\r\n\r\n${content}\r\n`;
}

/** Characters that templates write as references. */
function decoded(text) {
  const named = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex) return String.fromCodePoint(parseInt(hex, 16));
    if (decimal) return String.fromCodePoint(Number(decimal));
    return named[name] ?? whole;
  });
}

function attributes(tag) {
  const found = [...tag.matchAll(/([\w-]+)(?:="([^"]*)")?/g)].slice(1);
  return Object.fromEntries(found.map(([, name, value]) => [name, decoded(value ?? "")]));
}

/** A page, or the address outside at which the browser stopped. */
class Page {
  constructor(url, status = 0, text = "") {
    Object.assign(this, { url, status, text });
  }

  /** Addresses of the links whose address has this in it. */
  links(part) {
    const tags = this.text.match(/<a [^>]*>/g) ?? [];
    const hrefs = tags.map((it) => attributes(it).href).filter((it) => it?.includes(part));
    return hrefs.map((it) => new URL(it, this.url).href);
  }

  /** The one form that is sent to this path: its address and the values it is filled in with. */
  form(path) {
    const forms = [...this.text.matchAll(/(<form[^>]*>)([\s\S]*?)<\/form>/g)];
    const found = forms.filter(([, tag]) => attributes(tag).action?.endsWith(path));
    assert.equal(found.length, 1, `${this.url} has ${found.length} forms to ${path}`);
    const [[, tag, inside]] = found;
    const inputs = (inside.match(/<input[^>]*>/g) ?? []).map(attributes).filter((it) => it.name);
    const values = Object.fromEntries(inputs.map((it) => [it.name, it.value ?? ""]));
    return { action: new URL(attributes(tag).action, this.url).href, values };
  }
}

export class Browser {
  #cookies = new Map();

  /** A browser that does not go to addresses that begin with `outside`. */
  constructor(outside = []) {
    this.outside = outside;
  }

  open(address, form) {
    const body = form && new URLSearchParams(form).toString();
    return this.#go(address, body, "application/x-www-form-urlencoded");
  }

  async #go(address, form, type) {
    let [url, body] = [new URL(address), form];
    for (let step = 0; step < MOST_REDIRECTS; step += 1) {
      if (this.outside.some((it) => url.href.startsWith(it))) return new Page(url.href);
      const headers = { accept: "text/html", cookie: this.#cookieLine(url.host) };
      if (body) {
        headers.origin = url.origin;
        headers["content-type"] = type;
      }
      const { status, headers: said, text } = await send(url, body ? "POST" : "GET", headers, body);
      for (const line of said["set-cookie"] ?? []) this.#keep(url.host, line);
      const refresh = text.match(/<meta http-equiv="refresh" content="0; url=([^"]*)">/);
      const next = said.location ?? (refresh && decoded(refresh[1]));
      if (!next) return new Page(url.href, status, text);
      [url, body] = [new URL(next, url), undefined];
    }
    assert.fail(`${address} leads from page to page without an end`);
  }

  /** Sends a form of a page with some of its values changed. */
  submit(page, path, values = {}) {
    const form = page.form(path);
    return this.open(form.action, { ...form.values, ...values });
  }

  /** Sends a form with a file in one of its controls, and goes where it leads. */
  upload(address, values, { control, name, content }) {
    const parts = Object.entries(values).map(([field, value]) => part(field, value));
    const body = [...parts, part(control, content, name)].join("");
    return this.#go(address, `${body}--${BORDER}--\r\n`, `multipart/form-data; boundary=${BORDER}`);
  }

  /** From an application's request to wherever it leads, by way of signing in and agreeing. */
  async signIn(address, login) {
    let page = await this.open(address);
    const [filledIn] = page.links(`as=${login}`);
    assert.ok(filledIn, `no sign-in for ${login} on ${page.url}: ${page.status}\n${page.text}`);
    page = await this.submit(await this.open(filledIn), "/sign-in");
    return this.agree(page);
  }

  /** Agrees, when the page asks for it. */
  async agree(page) {
    return page.text.includes("/openid/consent")
      ? this.submit(page, "/openid/consent", { answer: "yes" })
      : page;
  }

  #cookieLine(host) {
    const mine = [...(this.#cookies.get(host) ?? new Map())];
    return mine.map(([name, value]) => `${name}=${value}`).join("; ");
  }

  #keep(host, line) {
    const [pair, ...rest] = line.split(";").map((it) => it.trim());
    const [, name, value] = pair.match(/^([^=]*)=(.*)$/);
    const mine = this.#cookies.get(host) ?? new Map();
    const over = rest.some((it) => /^max-age=0$/i.test(it) || /^expires=.*1970/i.test(it));
    if (over || value === "") mine.delete(name);
    else mine.set(name, value);
    this.#cookies.set(host, mine);
  }
}

/** What the gate says in the environment. */
export function demand(name) {
  const value = process.env[name];
  assert.ok(value, `${name} is not set: run this by \`cargo xtask test strangers\``);
  return value;
}
