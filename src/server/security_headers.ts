import type Koa from 'koa';

// No Content-Security-Policy beyond framing: Ruru, in development, runs scripts of its own. Our pages set a stricter one.
const headers = {
  'X-Content-Type-Options': 'nosniff',
  // Tracking links hold a token that the page they lead to must not learn.
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy': "frame-ancestors 'none'",
};

export function installSecurityHeaders(app: Koa): void {
  app.use((ctx, next) => {
    ctx.set(headers);
    return next();
  });
}
