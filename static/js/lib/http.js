/** Commands to the site: POST with JSON and the CSRF token, answers in the one error shape. */

/**
 * A command that was refused, or that never reached the site.
 * `status` is 0 when there was no answer; then the same command may be sent again under the same client_id.
 */
export class CommandError extends Error {
  /**
   * @param {number} status
   * @param {string} code
   * @param {string} message one sentence for a person
   * @param {Record<string, unknown>} data
   */
  constructor(status, code, message, data = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.data = data;
  }

  /** Whether the same command may succeed without being changed. */
  get passing() {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

/**
 * @param {string} url
 * @param {Record<string, unknown>} body
 * @returns {Promise<any>} the JSON answer
 * @throws {CommandError}
 */
export async function post(url, body = {}) {
  const response = await request(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrfToken(document.cookie) },
    body: JSON.stringify(body),
  });
  return answer(response);
}

/** @param {string} url */
export async function get(url) {
  return answer(await request(url, { headers: { Accept: "application/json" } }));
}

/** @param {string} url @param {RequestInit} init */
async function request(url, init) {
  try {
    return await fetch(url, { credentials: "same-origin", ...init });
  } catch {
    throw new CommandError(0, "unreachable", "");
  }
}

/** @param {Response} response */
async function answer(response) {
  const data = await response.json().catch(() => null);
  if (response.ok && data !== null) return data;
  const error = data?.error ?? {};
  throw new CommandError(response.status, error.code ?? "unexpected", error.message ?? "", error.data ?? {});
}

/** @param {string} cookies as in `document.cookie` */
export function csrfToken(cookies) {
  return /(?:^|;\s*)csrftoken=([^;]+)/.exec(cookies)?.[1] ?? "";
}
