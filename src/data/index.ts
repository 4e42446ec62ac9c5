/** The public names of `shapewright/data`: what reads files, in Node only. */
export { type FashionMnist, type FashionMnistError, type FashionMnistOptions, fashionClasses, fashionMnist } from './fashion-mnist.ts'
export type { ImageShape } from './labelled-images.ts'
export { type Mnist, type MnistError, type MnistOptions, mnist } from './mnist.ts'
