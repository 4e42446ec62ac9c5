/** The public names of `shapewright/data`: what reads files, in Node only. */
export { type Mnist, type MnistError, type MnistOptions, mnist } from './mnist.ts'
