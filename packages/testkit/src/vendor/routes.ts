import type { VendorAnswer, VendorRequest } from './answer.ts';

/** What answers a route: always the same, or by what was asked. */
export type Route = VendorAnswer | ((request: VendorRequest, params: Readonly<Record<string, string>>) => VendorAnswer);

interface Pattern {
  readonly route: string;
  readonly matches: RegExp;
  readonly answer: Route;
}

/** Routes such as `GET /orders/:id`; `*` at the end stands for any rest. The latest that fits answers. */
export function routes(): { on: (route: string, answer: Route) => void; answerOf: (request: VendorRequest) => VendorAnswer } {
  const patterns: Pattern[] = [];
  return {
    on: (route, answer) => void patterns.unshift({ route, matches: patternOf(route), answer }),
    answerOf: (request) => {
      const asked = `${request.method} ${request.path}`;
      for (const { matches, answer } of patterns) {
        const found = matches.exec(asked);
        if (found) return typeof answer === 'function' ? answer(request, paramsOf(found)) : answer;
      }
      return {
        status: 404,
        json: { error: `the fake vendor has no ${asked}; it has ${patterns.map(({ route }) => route).join(', ') || 'nothing'}` },
      };
    },
  };
}

function patternOf(route: string): RegExp {
  const source = route
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/:(\w+)/g, '(?<$1>[^/]+)')
    .replace(/\*$/, '.*');
  return new RegExp(`^${source}$`);
}

const paramsOf = ({ groups = {} }: RegExpExecArray): Record<string, string> =>
  Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
