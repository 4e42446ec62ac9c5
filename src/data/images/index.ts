/** The public names of `shapewright/images`: PNG images. In a page it is `page.ts`, which reads no folders. */

export type { PngError } from './chunks.ts'
export { imageFolder, streamImageFolder } from './folder.ts'
export { decodePng, type PngOptions } from './png.ts'
export {
  type ImageFile,
  type ImageRule,
  type ImagesError,
  type ImagesOptions,
  imageFiles,
  type NamesRule,
} from './samples.ts'
