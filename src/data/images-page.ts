/** What `shapewright/images` has everywhere, also in a page. It needs the package fast-png. */
export type { PngError } from './images-chunks.ts'
export { decodePng, type PngOptions } from './images-png.ts'
export {
  type ImageFile,
  type ImageRule,
  type ImagesError,
  type ImagesOptions,
  imageFiles,
  type NamesRule,
} from './images-samples.ts'
