// koa-router 14 brings no types of its own, and @types/koa-router describes an older one. Only what we use is declared.
declare module 'koa-router' {
  import type Koa from 'koa';

  export interface RouterOptions {
    /** Put before the path of every route. */
    prefix?: string;
  }

  /** A Koa context in a route; `params` holds the named parts of the path, decoded. */
  export type RouterContext = Koa.ParameterizedContext<Koa.DefaultState, { params: Record<string, string> }>;
  export type RouteHandler = (ctx: RouterContext, next: Koa.Next) => unknown;

  export default class Router {
    constructor(options?: RouterOptions);
    all(path: string | string[], ...handlers: RouteHandler[]): this;
    get(path: string | string[], ...handlers: RouteHandler[]): this;
    head(path: string | string[], ...handlers: RouteHandler[]): this;
    post(path: string | string[], ...handlers: RouteHandler[]): this;
    put(path: string | string[], ...handlers: RouteHandler[]): this;
    patch(path: string | string[], ...handlers: RouteHandler[]): this;
    delete(path: string | string[], ...handlers: RouteHandler[]): this;
    use(...handlers: (RouteHandler | Koa.Middleware)[]): this;
    routes(): Koa.Middleware;
    /** Answers 405 and 501, and OPTIONS, for paths that have routes of another method. */
    allowedMethods(): Koa.Middleware;
  }
}
