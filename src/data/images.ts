/** The public names of `shapewright/images`: PNG images. In a page it is `images-page.ts`, which reads no folders. */

export type { PngError } from './images-chunks.ts'
export { imageFolder, streamImageFolder } from './images-folder.ts'
export { decodePng, type PngOptions } from './images-png.ts'
export {
  type ImageFile,
  type ImageRule,
  type ImagesError,
  type ImagesOptions,
  imageFiles,
  type NamesRule,
} from './images-samples.ts'
