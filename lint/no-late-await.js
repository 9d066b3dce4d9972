// A promise that is started, but awaited only after another one, may reject before anything listens to it. Depending on
// timing, the process or the test run then fails with an unhandled rejection. Await such promises together.

const MESSAGE =
  'This promise may reject while another one is awaited, before anything listens: use Promise.all, or start it where it is awaited.';

const LISTENERS = new Set(['then', 'catch', 'finally']);

/** @typedef {{ type: string, range: [number, number], parent: Node, [key: string]: any }} Node */

/** @param {Node | null} node */
const bare = (node) => (node?.type === 'ChainExpression' ? node.expression : node);

/**
 * Whether an expression may start work and return its promise: a call, a choice of calls, or a new promise that can
 * reject.
 *
 * @param {Node | null} node @returns {boolean}
 */
function startsWork(node) {
  const inner = bare(node);
  if (inner?.type === 'ConditionalExpression') return startsWork(inner.consequent) || startsWork(inner.alternate);
  if (inner?.type === 'NewExpression') return inner.callee.name === 'Promise' && inner.arguments[0]?.params?.length > 1;
  return inner?.type === 'CallExpression';
}

/**
 * Whether an expression is an array of promises of started work: an array of calls, or a `map` with an async function.
 *
 * @param {Node | null} node
 */
function startsMany(node) {
  if (node?.type === 'ArrayExpression') return node.elements.filter((each) => startsWork(each)).length > 1;
  if (node?.type !== 'CallExpression' || node.callee.property?.name !== 'map') return false;
  return node.arguments[0]?.async === true;
}

/**
 * Whether a use of a promise listens to it: `await promise`, `promise.then()`, `expect(promise).rejects`, or
 * `Promise.all([promise])`.
 *
 * @param {Node} use
 */
function isAwaited(use) {
  const { parent } = use;
  if (parent.type === 'AwaitExpression') return true;
  if (parent.type === 'MemberExpression') return parent.object === use && LISTENERS.has(parent.property.name);
  if (parent.type === 'ArrayExpression') return parent.parent.callee?.object?.name === 'Promise';
  if (parent.type !== 'CallExpression' || parent.callee.name !== 'expect') return false;
  return ['rejects', 'resolves'].includes(parent.parent.property?.name);
}

/** @param {Node} node */
function functionOf(node) {
  let each = node.parent;
  while (each && !/Function|^Program$/.test(each.type)) each = each.parent;
  return each;
}

/** @param {Node} outer @param {Node} inner */
const contains = (outer, inner) => outer.range[0] <= inner.range[0] && inner.range[1] <= outer.range[1];

/**
 * The names that a declaration binds to promises of started work, each with the place where that work starts.
 *
 * @param {Node} declaration
 * @returns {{ name: Node, start: Node }[]}
 */
function namedPromises({ id, init }) {
  if (id.type === 'Identifier') return startsWork(init) ? [{ name: id, start: init }] : [];
  if (id.type === 'ObjectPattern' && startsWork(init)) {
    return id.properties
      .filter((/** @type {Node} */ { value }) => value?.type === 'Identifier')
      .map((/** @type {Node} */ { value }) => ({ name: value, start: init }));
  }
  if (id.type !== 'ArrayPattern' || init?.type !== 'ArrayExpression') return [];
  return id.elements
    .map((/** @type {Node} */ name, /** @type {number} */ i) => ({ name, start: init.elements[i] }))
    .filter(
      (/** @type {{ name: Node, start: Node }} */ { name, start }) => name?.type === 'Identifier' && startsWork(start),
    );
}

/** Finds the late awaits of one file. */
class File {
  /** @type {Node[]} */
  awaits = [];
  /** @type {Node[]} */
  declarations = [];

  /** @param {any} context */
  constructor(context) {
    this.context = context;
  }

  /** @param {Node} node */
  report(node) {
    this.context.report({ node, message: MESSAGE });
  }

  /**
   * The uses of what a node declares, in the order of the text.
   *
   * @param {Node} node @param {Node} [name] - leaves out the uses of the other names
   * @returns {Node[]}
   */
  usesOf(node, name) {
    return this.context.sourceCode
      .getDeclaredVariables(node)
      .filter((/** @type {any} */ variable) => name === undefined || variable.name === name.name)
      .flatMap((/** @type {any} */ variable) => variable.references)
      .filter((/** @type {any} */ reference) => !reference.init)
      .map((/** @type {any} */ reference) => reference.identifier)
      .sort((/** @type {Node} */ a, /** @type {Node} */ b) => a.range[0] - b.range[0]);
  }

  /** @param {Node} declaration */
  checkDeclaration(declaration) {
    const isTakenOut = (/** @type {Node} */ { parent }) =>
      parent.type === 'MemberExpression' && parent.computed && isAwaited(parent);
    if (startsMany(declaration.init) && declaration.id.type === 'Identifier') {
      if (this.usesOf(declaration).some(isTakenOut)) this.report(declaration);
      return;
    }
    const isLate = (/** @type {{ name: Node, start: Node }} */ { name, start }) =>
      this.isLate(declaration, start, this.usesOf(declaration, name));
    if (namedPromises(declaration).some(isLate)) this.report(declaration);
  }

  /**
   * Whether another promise is awaited between the start of some work and the first use of its promise.
   *
   * @param {Node} declaration @param {Node} start @param {Node[]} uses
   */
  isLate(declaration, start, uses) {
    const [first] = uses;
    if (!first || !uses.some(isAwaited)) return false;
    const home = functionOf(declaration);
    return this.awaits.some(
      (each) =>
        each.range[0] > start.range[1] &&
        each.range[0] < first.range[0] &&
        !contains(each, first) &&
        functionOf(each) === home,
    );
  }

  /** @param {Node} loop */
  checkLoop({ left, right }) {
    if (left.type !== 'VariableDeclaration' || !this.usesOf(left).some(isAwaited)) return;
    const source =
      right.type === 'Identifier'
        ? this.declarations.find(({ id }) => id.name === right.name && contains(functionOf(id), right))?.init
        : right;
    if (startsMany(source)) this.report(right);
  }
}

const rule = {
  meta: { type: 'problem' },
  /** @param {any} context */
  create(context) {
    const file = new File(context);
    /** @type {Node[]} */
    const loops = [];
    return {
      /** @param {Node} node */
      AwaitExpression: (node) => void file.awaits.push(node),
      /** @param {Node} node */
      VariableDeclarator: (node) => void file.declarations.push(node),
      /** @param {Node} node */
      ForOfStatement: (node) => void (node.await || loops.push(node)),
      'Program:exit'() {
        for (const declaration of file.declarations) file.checkDeclaration(declaration);
        for (const loop of loops) file.checkLoop(loop);
      },
    };
  },
};

export default { meta: { name: 'cruddur' }, rules: { 'no-late-await': rule } };
