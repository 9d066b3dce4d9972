// A separate chunk: with the password flow, half of Amplify's code, the form would exceed its 130 kB.
export { signIn } from 'aws-amplify/auth';
