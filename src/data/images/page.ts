/** What `shapewright/images` has everywhere, also in a page. It needs the package fast-png. */
export type { PngError } from './chunks.ts'
export { decodePng, type PngOptions } from './png.ts'
export {
  type ImageFile,
  type ImageRule,
  type ImagesError,
  type ImagesOptions,
  imageFiles,
  type NamesRule,
} from './samples.ts'
