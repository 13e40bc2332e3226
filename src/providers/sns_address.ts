// Whether an address is one of Amazon SNS's. A message names where its certificate lies and where a subscription is confirmed: whoever could
// choose those would sign for Amazon, or have us call what they like.

// Amazon's own validators take any label of three characters for the region. `sns.s3-us-west-2.amazonaws.com` passes there, and is a bucket that
// happens to be called "sns"; regions are words and one number.
const HOST = /^sns\.[a-z]{2,}(?:-[a-z]+)+-\d{1,2}\.amazonaws\.com(?:\.cn)?$/;

/** The address, normalized, when it is https, on a host of SNS's, with neither port nor credentials. */
export function snsAddress(text: string): URL | null {
  const url = URL.parse(text);
  if (url === null || url.protocol !== 'https:' || !HOST.test(url.hostname)) return null;
  return url.port === '' && url.username === '' && url.password === '' ? url : null;
}

export function certificateAddress(text: string): URL | null {
  const url = snsAddress(text);
  return url?.pathname.endsWith('.pem') && url.search === '' ? url : null;
}
