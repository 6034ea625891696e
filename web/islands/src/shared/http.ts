/** Requests with the CSRF token; a lost session and a stale token are told apart from other failures. */
import { csrfToken, replaceCsrfToken } from './page';

export class RequestFailed extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }

  get sessionEnded(): boolean {
    return this.status === 401;
  }
}

/** The problem of an answer (RFC 9457), as far as it can be read. */
export function problemOf(status: number, body: string): RequestFailed {
  try {
    const problem = JSON.parse(body) as { code?: string; detail?: string; title?: string; errors?: { message?: string }[] };
    const places = (problem.errors ?? []).map((error) => error.message).filter(Boolean).join('；');
    return new RequestFailed(status, problem.code ?? '', places || problem.detail || problem.title || '');
  } catch {
    return new RequestFailed(status, '', '');
  }
}

/** After signing in again elsewhere, the token of this page is stale: take a fresh one from the page itself. */
async function freshToken(): Promise<void> {
  const answer = await fetch(location.pathname, { credentials: 'same-origin', headers: { Accept: 'text/html' } });
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const token = page.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content;
  if (token && page.querySelector('meta[name="person"]')) replaceCsrfToken(token);
}

export async function send(url: string, init: RequestInit = {}, again = true): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set('X-CSRFToken', csrfToken());
  const answer = await fetch(url, { credentials: 'same-origin', redirect: 'manual', ...init, headers });
  if (answer.type === 'opaqueredirect') throw new RequestFailed(401, 'sign_in.needed', '');
  if (answer.ok) return answer;
  const failure = problemOf(answer.status, await answer.text());
  if (failure.code === 'csrf.failed' && again) {
    await freshToken();
    return send(url, init, false);
  }
  throw failure;
}
