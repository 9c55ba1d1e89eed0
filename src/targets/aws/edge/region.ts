/**
 * The one region that a CDN's own part can be in: its functions, which are copied from there to where viewers are, its
 * web ACL and that one's log. https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html
 */
export const edgeRegion = 'us-east-1';
