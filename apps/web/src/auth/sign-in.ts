// By itself: half of Amplify's code is the way of a password, which nobody needs in order to see the form.
export { signIn } from 'aws-amplify/auth';
