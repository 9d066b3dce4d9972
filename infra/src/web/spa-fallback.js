/* oxlint-disable no-unused-vars */
// Runs in CloudFront before its cache, except for the API and /assets. Files are at the root and have a dot in their name;
// every other path is a route of the page (even /messages/new/j.doe).
// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by this name.
function handler(event) {
  const request = event.request;
  if (!/^\/[^/]*\.[^/]*$/.test(request.uri)) request.uri = '/index.html';
  return request;
}
