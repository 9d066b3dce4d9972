/* oxlint-disable no-unused-vars */
// Runs in CloudFront, before its cache, for what is neither the API's nor in /assets. A file stands at the root and has a
// dot in its name; every other path is the page's own (also /messages/new/j.doe): it gets the page, which knows the path.
// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by this name.
function handler(event) {
  const request = event.request;
  if (!/^\/[^/]*\.[^/]*$/.test(request.uri)) request.uri = '/index.html';
  return request;
}
